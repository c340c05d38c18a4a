#include "common/observe/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "common/observe/build_info.h"
#include "common/observe/rpc_metrics.h"

namespace lscp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, TextIsWhatPrometheusExpects) {
  Metrics metrics;
  metrics.Counter("lscp_trial_things_total", "Things counted.", {{"kind", "b"}}).Increment();
  metrics.Counter("lscp_trial_things_total", "Things counted.", {{"kind", "a"}}).Increment(2);
  metrics.Gauge("lscp_trial_depth", "Depth now.").Set(1.5);
  auto& durations = metrics.Durations("lscp_trial_seconds", "Time taken.");
  durations.Observe(0.0005);
  durations.Observe(0.3);
  durations.Observe(60);
  EXPECT_EQ(metrics.Text(), R"(# HELP lscp_trial_depth Depth now.
# TYPE lscp_trial_depth gauge
lscp_trial_depth 1.5
# HELP lscp_trial_seconds Time taken.
# TYPE lscp_trial_seconds histogram
lscp_trial_seconds_count 3
lscp_trial_seconds_sum 60.3005
lscp_trial_seconds_bucket{le="0.0005"} 1
lscp_trial_seconds_bucket{le="0.001"} 1
lscp_trial_seconds_bucket{le="0.0025"} 1
lscp_trial_seconds_bucket{le="0.005"} 1
lscp_trial_seconds_bucket{le="0.01"} 1
lscp_trial_seconds_bucket{le="0.025"} 1
lscp_trial_seconds_bucket{le="0.05"} 1
lscp_trial_seconds_bucket{le="0.1"} 1
lscp_trial_seconds_bucket{le="0.25"} 1
lscp_trial_seconds_bucket{le="0.5"} 2
lscp_trial_seconds_bucket{le="1"} 2
lscp_trial_seconds_bucket{le="2.5"} 2
lscp_trial_seconds_bucket{le="5"} 2
lscp_trial_seconds_bucket{le="10"} 2
lscp_trial_seconds_bucket{le="+Inf"} 3
# HELP lscp_trial_things_total Things counted.
# TYPE lscp_trial_things_total counter
lscp_trial_things_total{kind="a"} 2
lscp_trial_things_total{kind="b"} 1
)");
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameMetric) {
  Metrics metrics;
  EXPECT_EQ(&metrics.Gauge("lscp_trial_depth", "Depth.", {{"a", "1"}}),
            &metrics.Gauge("lscp_trial_depth", "Depth.", {{"a", "1"}}));
  EXPECT_NE(&metrics.Gauge("lscp_trial_depth", "Depth.", {{"a", "1"}}),
            &metrics.Gauge("lscp_trial_depth", "Depth.", {{"a", "2"}}));
}

TEST(Metrics, HooksRunBeforeAScrapeAsLongAsTheyLive) {
  Metrics metrics;
  auto& gauge = metrics.Gauge("lscp_trial_depth", "Depth.");
  auto hook = std::make_unique<Metrics::ScrapeHook>(metrics, [&] { gauge.Increment(); });
  EXPECT_THAT(metrics.Text(), HasSubstr("lscp_trial_depth 1\n"));
  EXPECT_THAT(metrics.Text(), HasSubstr("lscp_trial_depth 2\n"));
  hook.reset();
  EXPECT_THAT(metrics.Text(), HasSubstr("lscp_trial_depth 2\n"));
}

TEST(Metrics, TheProcessAndTheBuildAreDescribed) {
  Metrics metrics;
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("process_")));
  metrics.AddProcessMetrics();
  metrics.AddBuildInfo("trial");
  const std::string text = metrics.Text();
  for (const char* name : {"process_cpu_seconds_total", "process_resident_memory_bytes",
                           "process_open_fds", "process_max_fds", "process_start_time_seconds",
                           "process_threads", "process_virtual_memory_bytes"}) {
    EXPECT_THAT(text, HasSubstr("\n" + std::string(name) + " "));
  }
  EXPECT_THAT(text, Not(HasSubstr("process_resident_memory_bytes 0\n")));
  EXPECT_THAT(text, HasSubstr(std::string("lscp_build_info{revision=\"") + kBuildRevision +
                              "\",service=\"trial\",version=\"" + kBuildVersion + "\"} 1\n"));
}

TEST(RpcMetrics, EverySeriesExistsBeforeTheFirstCall) {
  Metrics metrics;
  const RpcMethod methods[] = {{"unary", "trial.v1.Things", "Get"}};
  RpcMetrics server(metrics, RpcMetrics::Side::kServer, methods);
  RpcMetrics client(metrics, RpcMetrics::Side::kClient, methods);
  const std::string text = metrics.Text();
  const std::string labels =
      R"(grpc_method="Get",grpc_service="trial.v1.Things",grpc_type="unary")";
  for (const std::string side : {"grpc_server_", "grpc_client_"}) {
    for (const char* name : {"started_total", "msg_received_total", "msg_sent_total"}) {
      EXPECT_THAT(text, HasSubstr(side + name + "{" + labels + "} 0\n"));
    }
    EXPECT_THAT(text, HasSubstr(side + "handling_seconds_count{" + labels + "} 0\n"));
    for (int code = 0; code <= 16; ++code) {
      EXPECT_THAT(text, HasSubstr(side + "handled_total{grpc_code=\"" +
                                  std::string(GoCodeName(code)) + "\"," + labels + "} 0\n"));
    }
  }
}

TEST(RpcMetrics, ACallIsCountedUnderItsMethod) {
  Metrics metrics;
  const RpcMethod methods[] = {{"unary", "trial.v1.Things", "Get"},
                               {"server_stream", "trial.v1.Things", "Watch"}};
  RpcMetrics rpc(metrics, RpcMetrics::Side::kServer, methods);
  RpcMetrics::Method* get = rpc.Find("/trial.v1.Things/Get");
  ASSERT_NE(get, nullptr);
  get->Started();
  get->Received();
  get->Sent();
  get->Handled(3, 0.02);
  get->Handled(99, 0.02);
  EXPECT_EQ(rpc.Find("/trial.v1.Things/Delete"), nullptr);
  EXPECT_EQ(rpc.Find(""), nullptr);
  const std::string text = metrics.Text();
  const std::string labels =
      R"(grpc_method="Get",grpc_service="trial.v1.Things",grpc_type="unary")";
  EXPECT_THAT(text, HasSubstr("started_total{" + labels + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("grpc_code=\"InvalidArgument\"," + labels + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("grpc_code=\"Unknown\"," + labels + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("handling_seconds_count{" + labels + "} 2\n"));
}

TEST(GoCodeName, IsGosSpelling) {
  EXPECT_EQ(GoCodeName(1), "Canceled");
  EXPECT_EQ(GoCodeName(16), "Unauthenticated");
  EXPECT_EQ(GoCodeName(-1), "Unknown");
  EXPECT_EQ(GoCodeName(17), "Unknown");
}

}  // namespace
}  // namespace lscp

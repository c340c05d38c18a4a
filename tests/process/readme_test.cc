// The commands of the documents that need nothing but a gateway (tests/contract/readme_test.sh).

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "common/testing/process.h"
#include "tests/support/suite.h"

namespace lscp::tests {
namespace {

TEST(EveryCommandOfADocument, Runs) {
  Suite suite;
  const client::Target target = suite.TargetOf("example-primary-school");
  const std::string output = suite.pki().directory() + "/readme.out";
  const std::vector<std::string> command = {
      "/usr/bin/env",
      "LSCP_README_ENV=gateway",
      "LSCP_ENDPOINT=" + target.endpoint,
      "LSCP_CERT=" + target.certificate_file,
      "LSCP_KEY=" + target.key_file,
      "LSCP_CA=" + target.ca_file,
      "LSCP_BOROUGH=barnet",
      "PYTHONPATH=" LSCP_PYTHON_MODULES,
      LSCP_SOURCE_DIR "/tests/contract/readme_test.sh",
  };
  testing::ChildProcess documents(command, output);
  const int code = documents.Wait();
  std::ifstream in(output);
  EXPECT_EQ(code, 0) << std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace
}  // namespace lscp::tests

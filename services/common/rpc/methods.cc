#include "common/rpc/methods.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace lscp::rpc {
namespace {

namespace options = safeguarding::options::v1;
using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// What is wrong with a method's contract or handler; empty when nothing is.
std::string MistakeIn(const Method& method) {
  const options::MethodRule& rule = method.rule;
  if (rule.permission().empty()) return "has no permission";
  if (rule.scope().empty()) return "names no scope";
  if (rule.repeats() == options::REPEATS_UNSPECIFIED) return "says nothing of repeats";
  if (rule.discloses() == options::DISCLOSES_UNSPECIFIED) return "says nothing of disclosures";
  const bool fits = (rule.kind() == options::KIND_READ && method.read) ||
                    (rule.kind() == options::KIND_WRITE && method.write) ||
                    (rule.kind() == options::KIND_WATCH && method.watch);
  if (!fits) return "has no handler of its kind";
  if (method.descriptor->server_streaming() != (rule.kind() == options::KIND_WATCH)) {
    return "streams although it is no watch, or the other way round";
  }
  if (rule.repeats() == options::REPEATS_BY_REQUEST_ID &&
      method.request->GetDescriptor()->FindFieldByName("request_id") == nullptr) {
    return "repeats by request_id and has none";
  }
  return "";
}

}  // namespace

Method& Methods::Add(const std::string& service, std::string_view name, const Message& request,
                     const Message& response) {
  const std::string path = absl::StrCat("/", service, "/", std::string(name));
  Method& method = methods_[path];
  method.path = path;
  const ServiceDescriptor* descriptor =
      DescriptorPool::generated_pool()->FindServiceByName(service);
  const MethodDescriptor* found =
      descriptor ? descriptor->FindMethodByName(std::string(name)) : nullptr;
  if (found == nullptr || found->input_type() != request.GetDescriptor() ||
      found->output_type() != response.GetDescriptor()) {
    mistakes_.push_back(absl::StrCat(path, " is not in the contract with these types"));
    return method;
  }
  method.descriptor = found;
  method.rule = found->options().GetExtension(options::rule);
  method.request = &request;
  method.response = &response;
  return method;
}

absl::Status Methods::Check() const {
  std::vector<std::string> mistakes = mistakes_;
  std::set<const ServiceDescriptor*> services;
  for (const auto& [path, method] : methods_) {
    if (method.descriptor == nullptr) continue;
    services.insert(method.descriptor->service());
    if (const std::string mistake = MistakeIn(method); !mistake.empty()) {
      mistakes.push_back(absl::StrCat(path, " ", mistake));
    }
  }
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string path =
          absl::StrCat("/", service->full_name(), "/", service->method(i)->name());
      if (!methods_.contains(path)) mistakes.push_back(absl::StrCat(path, " is not served"));
    }
  }
  if (mistakes.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrJoin(mistakes, "; "));
}

std::vector<std::string> Methods::ServiceNames() const {
  std::set<std::string> names;
  for (const auto& [path, method] : methods_) {
    if (method.descriptor != nullptr) names.insert(method.descriptor->service()->full_name());
  }
  return {names.begin(), names.end()};
}

}  // namespace lscp::rpc

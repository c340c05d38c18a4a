#include "common/validate/validator.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/validate/check.h"

namespace lscp {
namespace {

using google::protobuf::Descriptor;

void Collect(const MessagePlan& plan, std::set<const MessagePlan*>& seen, std::string& faults) {
  if (!seen.insert(&plan).second) return;
  if (!plan.fault.empty()) absl::StrAppend(&faults, faults.empty() ? "" : "; ", plan.fault);
  for (const FieldPlan& field : plan.fields) {
    if (field.message != nullptr) Collect(*field.message, seen, faults);
  }
}

}  // namespace

Validator::Validator(FormatRegistry formats)
    : plans_(std::make_unique<PlanCache>(std::move(formats))) {}

absl::Status Validator::Prepare(const Descriptor& type) const {
  std::set<const MessagePlan*> seen;
  std::string faults;
  Collect(plans_->For(type), seen, faults);
  return faults.empty() ? absl::OkStatus() : absl::InternalError(faults);
}

std::vector<FieldViolation> Validator::Check(const google::protobuf::Message& request,
                                             absl::Time now) const {
  const MessagePlan& plan = plans_->For(*request.GetDescriptor());
  if (plan.empty()) return {};
  return CheckMessage(request, plan, now);
}

}  // namespace lscp

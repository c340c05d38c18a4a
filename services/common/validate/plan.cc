#include "common/validate/plan.h"

#include <mutex>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/validate/field_mask.h"

namespace lscp {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using safeguarding::options::v1::FieldRule;
using Kind = FieldPlan::Kind;

Kind KindOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_STRING ? Kind::kText : Kind::kBytes;
    case FieldDescriptor::CPPTYPE_ENUM:
      return Kind::kEnum;
    case FieldDescriptor::CPPTYPE_BOOL:
      return Kind::kOther;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type()->full_name() == "google.type.Date") return Kind::kDate;
      if (field.message_type()->full_name() == "google.protobuf.Timestamp") return Kind::kTime;
      return Kind::kMessage;
    default:
      return Kind::kNumber;
  }
}

bool IsFloating(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT;
}

// The rule that can't hold of a field of its type, or nullptr.
const char* MisplacedRule(const FieldPlan& plan) {
  const FieldRule& rule = plan.rule;
  const bool text = plan.kind == Kind::kText;
  if (rule.min_len() > 0 && !text) return "min_len";
  if (rule.max_len() > 0 && !text && plan.kind != Kind::kBytes) return "max_len";
  if (!rule.pattern().empty() && !text) return "pattern";
  if (!rule.format().empty() && !text) return "format";
  if (rule.resource_size() > 0 && !text) return "resource";
  if (rule.max_items() > 0 && !plan.field->is_repeated()) return "max_items";
  const bool number = plan.kind == Kind::kNumber;
  if (rule.has_min() && !number) return "min";
  if (rule.has_max() && !number) return "max";
  const bool time = plan.kind == Kind::kDate || plan.kind == Kind::kTime;
  if (rule.not_in_future() && !time) return "not_in_future";
  if (rule.not_in_past() && !time) return "not_in_past";
  return nullptr;
}

std::string ResourceText(const FieldRule& rule) {
  return absl::StrCat(
      "must be a name of the form ",
      absl::StrJoin(rule.resource(), " or ", [](std::string* out, const std::string& collection) {
        absl::StrAppend(out, "\"boroughs/{borough}/", collection, "/{id}\"");
      }));
}

// Whether there is anything to check of the field itself, leaving its message's content aside.
bool ChecksItself(const FieldPlan& plan) {
  const FieldRule& rule = plan.rule;
  return plan.kind == Kind::kText || plan.kind == Kind::kEnum || plan.kind == Kind::kDate ||
         plan.kind == Kind::kTime || rule.required() || rule.max_len() > 0 ||
         rule.max_items() > 0 || rule.has_min() || rule.has_max() || IsFloating(*plan.value) ||
         (plan.field->is_map() &&
          plan.field->message_type()->map_key()->type() == FieldDescriptor::TYPE_STRING);
}

void AddFault(std::string& fault, const FieldDescriptor& field, std::string_view what) {
  absl::StrAppend(&fault, fault.empty() ? "" : "; ", field.full_name(), ": ", std::string(what));
}

// Takes out the messages in which there is nothing to check. Plans made earlier are complete and
// may be in use: they are not touched, and nothing that is new can change them.
void Prune(const std::vector<MessagePlan*>& fresh) {
  for (bool changed = true; changed;) {
    changed = false;
    for (MessagePlan* plan : fresh) {
      for (FieldPlan& field : plan->fields) {
        if (field.message != nullptr && field.message->empty()) field.message = nullptr;
      }
      changed |= std::erase_if(plan->fields, [](const FieldPlan& field) {
                   return field.message == nullptr && !ChecksItself(field);
                 }) > 0;
    }
  }
}

}  // namespace

const MessagePlan& PlanCache::For(const Descriptor& type) {
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = plans_.find(&type); found != plans_.end()) return *found->second;
  }
  const std::lock_guard lock(mutex_);
  Fresh fresh;
  const MessagePlan& plan = Build(type, fresh);
  Prune(fresh);
  return plan;
}

// Enters the plan before it is made, so that types that hold themselves end. Nobody sees it
// half-made: the lock is held until all are complete.
MessagePlan& PlanCache::Build(const Descriptor& type, Fresh& fresh) {
  const auto [entry, is_new] = plans_.try_emplace(&type, nullptr);
  if (!is_new) return *entry->second;
  entry->second = std::make_unique<MessagePlan>();
  MessagePlan& plan = *entry->second;
  fresh.push_back(&plan);
  plan.patch = PatchFieldOf(type);
  if (plan.patch != nullptr) plan.mask = type.FindFieldByName("update_mask");
  for (int i = 0; i < type.field_count(); ++i) {
    // Only the service sets it, so a request's is ignored; but a patch is found by its name.
    const FieldDescriptor& field = *type.field(i);
    if (IsOutputOnly(field) && !IsIdentity(field)) continue;
    FieldPlan field_plan = BuildField(field, plan.fault, fresh);
    if (ChecksItself(field_plan) || field_plan.message != nullptr) {
      plan.fields.push_back(std::move(field_plan));
    }
  }
  return plan;
}

FieldPlan PlanCache::BuildField(const FieldDescriptor& field, std::string& fault, Fresh& fresh) {
  FieldPlan plan;
  plan.field = &field;
  plan.value = field.is_map() ? field.message_type()->map_value() : &field;
  plan.kind = KindOf(*plan.value);
  plan.rule = field.options().GetExtension(safeguarding::options::v1::field);
  if (const char* rule = MisplacedRule(plan)) {
    AddFault(fault, field, absl::StrCat(rule, " does not apply to its type"));
  }
  if (!plan.rule.pattern().empty()) {
    auto pattern = std::make_unique<RE2>(plan.rule.pattern(), RE2::Quiet);
    if (!pattern->ok()) AddFault(fault, field, "pattern is no RE2 expression");
    plan.pattern = std::move(pattern);
  }
  if (!plan.rule.format().empty()) {
    const auto found = formats_.find(plan.rule.format());
    if (found == formats_.end()) {
      AddFault(fault, field, absl::StrCat("unknown format ", plan.rule.format()));
    } else {
      plan.format = &found->second;
    }
  }
  if (plan.rule.resource_size() > 0) plan.resource_text = ResourceText(plan.rule);
  if (plan.kind == Kind::kMessage) plan.message = &Build(*plan.value->message_type(), fresh);
  return plan;
}

}  // namespace lscp

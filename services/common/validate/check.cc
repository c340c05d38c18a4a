#include "common/validate/check.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/validate/field_mask.h"
#include "common/validate/path.h"
#include "common/validate/resource_name.h"
#include "common/validate/utf8.h"
#include "google/protobuf/field_mask.pb.h"

namespace lscp {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Kind = FieldPlan::Kind;

constexpr size_t kMostViolations = 256;
constexpr absl::Duration kClockDifference = absl::Minutes(1);

// The message as its generated type, whichever pool its descriptor is from.
template <typename Generated>
Generated As(const Message& message) {
  Generated generated;
  if (message.GetDescriptor() == Generated::descriptor()) {
    generated.CopyFrom(message);
  } else {
    generated.ParsePartialFromString(message.SerializePartialAsString());
  }
  return generated;
}

std::string Count(uint32_t n, std::string_view singular) {
  return absl::StrCat(n, " ", std::string(singular), n == 1 ? "" : "s");
}

// The part of a patch at which a walk has arrived, and what the update's mask says of it.
struct Patch {
  const google::protobuf::FieldMask* mask;
  std::string prefix;  // "label." inside the patch's label

  bool Names(const FieldDescriptor& field) const {
    const std::string path = prefix + field.name();
    return std::any_of(mask->paths().begin(), mask->paths().end(),
                       [&](const std::string& named) { return named == "*" || named == path; });
  }
  bool NamesPartOf(const FieldDescriptor& field) const {
    const std::string start = absl::StrCat(prefix, field.name(), ".");
    return std::any_of(mask->paths().begin(), mask->paths().end(),
                       [&](const std::string& named) { return absl::StartsWith(named, start); });
  }
};

class Walk {
 public:
  Walk(absl::Time now, std::vector<FieldViolation>& violations)
      : now_(now), violations_(violations) {}

  void Visit(const Message& message, const MessagePlan& plan, const Path* path) {
    if (!plan.fault.empty()) Add(path, "has rules that this server cannot check");
    if (plan.patch != nullptr) return VisitUpdate(message, plan, path);
    for (const FieldPlan& field : plan.fields) {
      if (!IsOutputOnly(*field.field)) VisitField(message, field, path);
    }
  }

 private:
  void Add(const Path* path, std::string description) {
    if (Full()) return;
    violations_.push_back({Render(path), std::move(description)});
  }
  bool Full() const { return violations_.size() >= kMostViolations; }

  void VisitUpdate(const Message& request, const MessagePlan& plan, const Path* path) {
    const Reflection& reflection = *request.GetReflection();
    const auto mask = As<google::protobuf::FieldMask>(reflection.GetMessage(request, plan.mask));
    const Path mask_path{path, plan.mask};
    for (std::string& fault : MaskFaults(*plan.patch->message_type(), mask)) {
      Add(&mask_path, std::move(fault));
    }
    for (const FieldPlan& field : plan.fields) {
      if (IsOutputOnly(*field.field)) continue;
      if (field.field != plan.patch || !reflection.HasField(request, plan.patch) ||
          field.message == nullptr) {
        VisitField(request, field, path);
        continue;
      }
      const Path patch_path{path, plan.patch};
      VisitPatch(reflection.GetMessage(request, plan.patch), *field.message, &patch_path,
                 {&mask, ""});
    }
  }

  void VisitPatch(const Message& message, const MessagePlan& plan, const Path* path,
                  const Patch& patch) {
    if (!plan.fault.empty()) Add(path, "has rules that this server cannot check");
    const Reflection& reflection = *message.GetReflection();
    for (const FieldPlan& field : plan.fields) {
      const bool identity = patch.prefix.empty() && IsIdentity(*field.field);
      if (!identity && IsOutputOnly(*field.field)) continue;
      if (identity || patch.Names(*field.field) ||
          (patch.mask->paths().empty() && IsPopulated(message, *field.field))) {
        VisitField(message, field, path);
      } else if (field.message != nullptr && !field.field->is_repeated() &&
                 reflection.HasField(message, field.field) && patch.NamesPartOf(*field.field)) {
        const Path part{path, field.field};
        VisitPatch(reflection.GetMessage(message, field.field), *field.message, &part,
                   {patch.mask, absl::StrCat(patch.prefix, field.field->name(), ".")});
      }
    }
  }

  static bool IsPopulated(const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    return field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                               : reflection.HasField(message, &field);
  }

  void VisitField(const Message& message, const FieldPlan& plan, const Path* up) {
    if (Full()) return;
    Path path{up, plan.field};
    if (!IsPopulated(message, *plan.field)) {
      if (plan.rule.required()) Add(&path, "is required");
      return;
    }
    if (!plan.field->is_repeated()) return VisitValue(message, plan, -1, &path);

    int size = message.GetReflection()->FieldSize(message, plan.field);
    const auto most = static_cast<int>(plan.rule.max_items());
    if (most > 0 && size > most) {
      Add(&path, absl::StrCat("must have at most ", Count(plan.rule.max_items(), "item")));
      size = most;
    }
    for (int i = 0; i < size && !Full(); ++i) {
      path.index = i;
      if (plan.field->is_map()) {
        const Message& entry = message.GetReflection()->GetRepeatedMessage(message, plan.field, i);
        path.entry = &entry;
        VisitKey(entry, plan, &path);
        VisitValue(entry, plan, -1, &path);
      } else {
        VisitValue(message, plan, i, &path);
      }
    }
  }

  void VisitKey(const Message& entry, const FieldPlan& plan, const Path* path) {
    const FieldDescriptor* key = plan.field->message_type()->map_key();
    if (key->type() != FieldDescriptor::TYPE_STRING) return;
    if (!CodePoints(entry.GetReflection()->GetString(entry, key))) {
      Add(path, "must have a key of valid UTF-8");
    }
  }

  // `holder` is the message, or the map's entry; `index` is -1 for a singular value.
  void VisitValue(const Message& holder, const FieldPlan& plan, int index, const Path* path) {
    switch (plan.kind) {
      case Kind::kText:
      case Kind::kBytes:
        return VisitText(holder, plan, index, path);
      case Kind::kNumber:
        return VisitNumber(holder, plan, index, path);
      case Kind::kEnum:
        return VisitEnum(holder, plan, index, path);
      case Kind::kDate:
        return VisitDate(Part(holder, plan, index), plan, path);
      case Kind::kTime:
        return VisitTime(Part(holder, plan, index), plan, path);
      case Kind::kMessage:
        if (plan.message != nullptr) Visit(Part(holder, plan, index), *plan.message, path);
        return;
      case Kind::kOther:
        return;
    }
  }

  static const Message& Part(const Message& holder, const FieldPlan& plan, int index) {
    const Reflection& reflection = *holder.GetReflection();
    return index < 0 ? reflection.GetMessage(holder, plan.value)
                     : reflection.GetRepeatedMessage(holder, plan.value, index);
  }

  void VisitText(const Message& holder, const FieldPlan& plan, int index, const Path* path) {
    const Reflection& reflection = *holder.GetReflection();
    std::string scratch;
    const std::string& text =
        index < 0 ? reflection.GetStringReference(holder, plan.value, &scratch)
                  : reflection.GetRepeatedStringReference(holder, plan.value, index, &scratch);
    const auto& rule = plan.rule;
    if (plan.kind == Kind::kBytes) {
      if (rule.max_len() > 0 && text.size() > rule.max_len()) {
        Add(path, absl::StrCat("must have at most ", Count(rule.max_len(), "byte")));
      }
      if (rule.required() && text.empty()) Add(path, "is required");
      return;
    }
    const auto length = CodePoints(text);
    if (!length) return Add(path, "must be valid UTF-8");
    // A singular string with presence may be set to nothing, which is as good as not set.
    if (text.empty() && !plan.field->is_repeated()) {
      if (rule.required()) Add(path, "is required");
      return;
    }
    if (*length < rule.min_len()) {
      Add(path, absl::StrCat("must have at least ", Count(rule.min_len(), "character")));
    }
    // What is too long isn't worth a further look.
    if (rule.max_len() > 0 && *length > rule.max_len()) {
      return Add(path, absl::StrCat("must have at most ", Count(rule.max_len(), "character")));
    }
    VisitContent(text, plan, path);
  }

  void VisitContent(const std::string& text, const FieldPlan& plan, const Path* path) {
    if (plan.pattern != nullptr && plan.pattern->ok() && !RE2::FullMatch(text, *plan.pattern)) {
      Add(path, absl::StrCat("must match the pattern ", plan.rule.pattern()));
    }
    if (plan.format != nullptr) {
      if (auto fault = (*plan.format)(text)) Add(path, *std::move(fault));
    }
    if (plan.rule.resource_size() > 0) {
      const auto name = ResourceName::Parse(text);
      const auto& wanted = plan.rule.resource();
      if (!name || name->AcrossBoroughs() ||
          std::find(wanted.begin(), wanted.end(), name->collection) == wanted.end()) {
        Add(path, plan.resource_text);
      }
    }
  }

  void VisitNumber(const Message& holder, const FieldPlan& plan, int index, const Path* path) {
    const Reflection& reflection = *holder.GetReflection();
    const FieldDescriptor* field = plan.value;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return VisitInteger(index < 0 ? reflection.GetInt32(holder, field)
                                      : reflection.GetRepeatedInt32(holder, field, index),
                            plan, path);
      case FieldDescriptor::CPPTYPE_INT64:
        return VisitInteger(index < 0 ? reflection.GetInt64(holder, field)
                                      : reflection.GetRepeatedInt64(holder, field, index),
                            plan, path);
      case FieldDescriptor::CPPTYPE_UINT32:
        return VisitInteger(index < 0 ? reflection.GetUInt32(holder, field)
                                      : reflection.GetRepeatedUInt32(holder, field, index),
                            plan, path);
      case FieldDescriptor::CPPTYPE_UINT64:
        return VisitInteger(index < 0 ? reflection.GetUInt64(holder, field)
                                      : reflection.GetRepeatedUInt64(holder, field, index),
                            plan, path);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return VisitReal(index < 0 ? reflection.GetFloat(holder, field)
                                   : reflection.GetRepeatedFloat(holder, field, index),
                         plan, path);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return VisitReal(index < 0 ? reflection.GetDouble(holder, field)
                                   : reflection.GetRepeatedDouble(holder, field, index),
                         plan, path);
      default:
        return;
    }
  }

  template <typename Integer>
  void VisitInteger(Integer number, const FieldPlan& plan, const Path* path) {
    if (plan.rule.has_min() && std::cmp_less(number, plan.rule.min())) AddTooSmall(plan, path);
    if (plan.rule.has_max() && std::cmp_greater(number, plan.rule.max())) AddTooLarge(plan, path);
  }

  void VisitReal(double number, const FieldPlan& plan, const Path* path) {
    if (!std::isfinite(number)) return Add(path, "must be a number");
    if (plan.rule.has_min() && number < static_cast<double>(plan.rule.min())) {
      AddTooSmall(plan, path);
    }
    if (plan.rule.has_max() && number > static_cast<double>(plan.rule.max())) {
      AddTooLarge(plan, path);
    }
  }

  void AddTooSmall(const FieldPlan& plan, const Path* path) {
    Add(path, absl::StrCat("must be at least ", plan.rule.min()));
  }
  void AddTooLarge(const FieldPlan& plan, const Path* path) {
    Add(path, absl::StrCat("must be at most ", plan.rule.max()));
  }

  void VisitEnum(const Message& holder, const FieldPlan& plan, int index, const Path* path) {
    const Reflection& reflection = *holder.GetReflection();
    const int number = index < 0 ? reflection.GetEnumValue(holder, plan.value)
                                 : reflection.GetRepeatedEnumValue(holder, plan.value, index);
    const auto* value = plan.value->enum_type()->FindValueByNumber(number);
    if (value == nullptr) return Add(path, "must be a value that the enum defines");
    if (!absl::EndsWith(value->name(), "_UNSPECIFIED")) return;
    if (plan.field->is_repeated()) return Add(path, "must not be unspecified");
    if (plan.rule.required()) Add(path, "is required");
  }

  void VisitDate(const Message& message, const FieldPlan& plan, const Path* path) {
    const auto day = ProtoToDate(As<google::type::Date>(message));
    if (!day) {
      return Add(path, absl::StrCat("must be a complete, real date of the years ",
                                    kFirstYearOfADate, " to ", kLastYearOfADate));
    }
    if (!plan.rule.not_in_future() && !plan.rule.not_in_past()) return;
    const absl::CivilDay today = LondonDay(now_);
    if (plan.rule.not_in_future() && *day > today) Add(path, "must not lie in the future");
    if (plan.rule.not_in_past() && *day < today) Add(path, "must not lie in the past");
  }

  void VisitTime(const Message& message, const FieldPlan& plan, const Path* path) {
    const auto time = ProtoToTime(As<google::protobuf::Timestamp>(message));
    if (!time) return Add(path, "must be a valid time of the years 1 to 9999");
    if (plan.rule.not_in_future() && *time > now_ + kClockDifference) {
      Add(path, "must not lie in the future");
    }
    if (plan.rule.not_in_past() && *time < now_ - kClockDifference) {
      Add(path, "must not lie in the past");
    }
  }

  const absl::Time now_;
  std::vector<FieldViolation>& violations_;
};

}  // namespace

std::vector<FieldViolation> CheckMessage(const Message& message, const MessagePlan& plan,
                                         absl::Time now) {
  std::vector<FieldViolation> violations;
  Walk(now, violations).Visit(message, plan, nullptr);
  return violations;
}

}  // namespace lscp

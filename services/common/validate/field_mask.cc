#include "common/validate/field_mask.h"

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"
#include "google/protobuf/util/field_mask_util.h"
#include "safeguarding/options/v1/options.pb.h"

namespace lscp {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Path = std::vector<std::string>;

// Deeper than any contract nests; protobuf's own mask code recurses once a segment.
constexpr size_t kMostSegments = 16;
constexpr char kEverything[] = "*";

bool IsMergeable(const FieldDescriptor& field) {
  return !field.is_repeated() && field.message_type() != nullptr &&
         !IsValueType(*field.message_type());
}

bool IsEverything(const FieldMask& mask) {
  return mask.paths_size() == 1 && mask.paths(0) == kEverything;
}

bool PathLeadsToField(const Descriptor& type, const std::string& path) {
  const Path segments = absl::StrSplit(path, absl::MaxSplits('.', kMostSegments));
  if (segments.size() > kMostSegments) return false;
  const Descriptor* at = &type;
  for (const std::string& segment : segments) {
    const FieldDescriptor* field = at == nullptr ? nullptr : at->FindFieldByName(segment);
    if (field == nullptr) return false;
    at = IsMergeable(*field) ? field->message_type() : nullptr;
  }
  return true;
}

void Replace(Message& from, const FieldDescriptor& field, Message& target);

// Sets every writable field of `target` to what `from` holds, or holds not.
void ReplaceAll(Message& from, Message& target) {
  const Descriptor& type = *from.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) Replace(from, *type.field(i), target);
}

void ReplaceMessage(Message& from, const FieldDescriptor& field, Message& target) {
  const Reflection& reflection = *from.GetReflection();
  const bool wanted = reflection.HasField(from, &field);
  if (!wanted && !reflection.HasField(target, &field)) return;
  Message& part = *reflection.MutableMessage(&target, &field);
  if (wanted) {
    ReplaceAll(*reflection.MutableMessage(&from, &field), part);
    return;
  }
  const std::unique_ptr<Message> nothing(part.New());
  ReplaceAll(*nothing, part);
  if (part.ByteSizeLong() == 0) reflection.ClearField(&target, &field);
}

// `from` is a copy of the patch and is used up.
void Replace(Message& from, const FieldDescriptor& field, Message& target) {
  if (IsOutputOnly(field)) return;
  if (IsMergeable(field)) return ReplaceMessage(from, field, target);
  const Reflection& reflection = *from.GetReflection();
  // Swapping a member of a oneof swaps whichever member is set.
  if (field.real_containing_oneof() != nullptr && !reflection.HasField(from, &field)) {
    reflection.ClearField(&target, &field);
  } else {
    reflection.SwapFields(&from, &target, {&field});
  }
}

void ReplacePath(Message& from, const Path& path, Message& target) {
  Message* from_part = &from;
  Message* target_part = &target;
  for (size_t i = 0; i < path.size(); ++i) {
    const FieldDescriptor* field = from_part->GetDescriptor()->FindFieldByName(path[i]);
    if (IsOutputOnly(*field) || (i == 0 && IsIdentity(*field))) return;
    if (i + 1 == path.size()) return Replace(*from_part, *field, *target_part);
    const Reflection& reflection = *from_part->GetReflection();
    // Nothing to set and nothing to clear; reaching into it would make it exist.
    if (!reflection.HasField(*from_part, field) && !reflection.HasField(*target_part, field)) {
      return;
    }
    from_part = reflection.MutableMessage(from_part, field);
    target_part = reflection.MutableMessage(target_part, field);
  }
}

std::vector<const FieldDescriptor*> Populated(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  return fields;
}

void ClearOutputOnlyIn(Message& message, bool keep_identity) {
  const FieldDescriptor* patch = PatchFieldOf(*message.GetDescriptor());
  const Reflection& reflection = *message.GetReflection();
  for (const FieldDescriptor* field : Populated(message)) {
    if (IsOutputOnly(*field)) {
      if (!keep_identity || !IsIdentity(*field)) reflection.ClearField(&message, field);
    } else if (field->message_type() == nullptr || IsValueType(*field->message_type())) {
      continue;
    } else if (!field->is_repeated()) {
      ClearOutputOnlyIn(*reflection.MutableMessage(&message, field), field == patch);
    } else {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        ClearOutputOnlyIn(*reflection.MutableRepeatedMessage(&message, field, i), false);
      }
    }
  }
}

}  // namespace

absl::Status ApplyUpdate(const Message& patch, const FieldMask& mask, Message* target) {
  const Descriptor& type = *patch.GetDescriptor();
  if (patch.GetReflection() != target->GetReflection()) {
    return absl::InternalError(absl::StrCat("a ", type.full_name(), " cannot update a ",
                                            target->GetDescriptor()->full_name()));
  }
  std::vector<FieldViolation> violations;
  for (std::string& fault : MaskFaults(type, mask)) {
    violations.push_back({"update_mask", std::move(fault)});
  }
  if (!violations.empty()) return InvalidFields(violations);

  const std::unique_ptr<Message> from(patch.New());
  from->CopyFrom(patch);
  FieldMask paths;
  if (IsEverything(mask)) {
    for (int i = 0; i < type.field_count(); ++i) paths.add_paths(type.field(i)->name());
  } else if (mask.paths().empty()) {
    for (const FieldDescriptor* field : Populated(patch)) paths.add_paths(field->name());
  } else {
    // Without repetitions and parts of what is named anyway: a patch can be used once.
    google::protobuf::util::FieldMaskUtil::ToCanonicalForm(mask, &paths);
  }
  for (const std::string& path : paths.paths()) {
    ReplacePath(*from, absl::StrSplit(path, '.'), *target);
  }
  return absl::OkStatus();
}

std::vector<std::string> MaskFaults(const Descriptor& type, const FieldMask& mask) {
  std::vector<std::string> faults;
  if (IsEverything(mask)) return faults;
  for (int i = 0; i < mask.paths_size(); ++i) {
    if (mask.paths(i) == kEverything) {
      faults.push_back("\"*\" must stand alone");
    } else if (!PathLeadsToField(type, mask.paths(i))) {
      faults.push_back(absl::StrCat("paths[", i, "] names no field that can be updated"));
    }
  }
  return faults;
}

const FieldDescriptor* PatchFieldOf(const Descriptor& request) {
  const FieldDescriptor* mask = request.FindFieldByName("update_mask");
  if (mask == nullptr || mask->is_repeated() || mask->message_type() == nullptr ||
      mask->message_type()->full_name() != "google.protobuf.FieldMask") {
    return nullptr;
  }
  for (int i = 0; i < request.field_count(); ++i) {
    if (IsMergeable(*request.field(i))) return request.field(i);
  }
  return nullptr;
}

bool IsIdentity(const FieldDescriptor& field) {
  return field.name() == "name" || field.name() == "etag";
}

bool IsOutputOnly(const FieldDescriptor& field) {
  return field.options().GetExtension(safeguarding::options::v1::field).output_only();
}

bool IsValueType(const Descriptor& type) { return absl::StartsWith(type.full_name(), "google."); }

void ClearOutputOnly(Message* request) { ClearOutputOnlyIn(*request, false); }

}  // namespace lscp

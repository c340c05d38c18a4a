#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

// Updates by field mask (AIP-134, AIP-161). All functions are thread-safe.
namespace lscp {

// Changes `target` as a patch of the same type and its mask say:
//   - without a mask, the fields that are populated in the patch;
//   - with "*", every field, so what the patch lacks is cleared;
//   - otherwise the fields that the mask names, populated or not. A path leads through singular
//     messages; lists, maps, dates and times are values and change as a whole.
// A message that is named, or populated without a mask, is replaced and not merged, so that no line
// of an old address stays in a new one. What the service sets (output_only at any depth, and the
// resource's own `name` and `etag`) is never changed; in a mask it is ignored.
//
// Errors: INVALID_ARGUMENT for field "update_mask", target unchanged; INTERNAL when the types
// differ.
absl::Status ApplyUpdate(const google::protobuf::Message& patch,
                         const google::protobuf::FieldMask& mask,
                         google::protobuf::Message* target);

// What is wrong with a mask for a type, in words that don't repeat its text. Empty: nothing.
std::vector<std::string> MaskFaults(const google::protobuf::Descriptor& type,
                                    const google::protobuf::FieldMask& mask);

// An update request is one with a google.protobuf.FieldMask `update_mask`; its patch is its first
// singular message that is not one of Google's types. Null when the request is none.
const google::protobuf::FieldDescriptor* PatchFieldOf(const google::protobuf::Descriptor& request);

// True of `name` and `etag`, which identify the resource in a patch and are not changed by it.
bool IsIdentity(const google::protobuf::FieldDescriptor& field);

// True of a field that only the service sets.
bool IsOutputOnly(const google::protobuf::FieldDescriptor& field);

// True of a date, a time or another type of Google's, which is one value.
bool IsValueType(const google::protobuf::Descriptor& type);

// Clears what only the service may set, at any depth. In an update request the patch keeps its
// `name` and `etag`.
void ClearOutputOnly(google::protobuf::Message* request);

}  // namespace lscp

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/status/error.h"
#include "common/validate/field_mask.h"
#include "common/validate/plan.h"
#include "google/protobuf/message.h"

namespace lscp {

// Checks requests against the rules that their protos declare (safeguarding/options/v1). Also, of
// every message, without being asked: strings are UTF-8, enum values are defined and in lists not
// unspecified, dates are complete and real, times are in range, floating-point numbers are finite.
// Unknown fields and what only the service sets (output_only) are ignored.
//
// A rule speaks of a field that is set: a singular string that is empty or a number without
// presence that is zero is not. Instants may lie a minute beyond the present, since clocks differ.
//
// Of the patch of an update request, only what its mask covers is checked (without a mask, what is
// populated), with the resource's `name` and `etag`: a required field may be left out of a patch,
// but not be cleared by it.
//
// Thread-safe. The rules of a type are taken from its descriptor once, which must outlive the
// validator.
class Validator {
 public:
  explicit Validator(FormatRegistry formats = {});

  // INTERNAL naming the fields of the type, at any depth, whose rules cannot be checked: a pattern
  // that is none, an unknown format, a rule for another type of field. To be called at start for
  // every request type, so that Check finds its work prepared.
  absl::Status Prepare(const google::protobuf::Descriptor& type) const;

  // Every violation, at most 256. `now` is the moment at which the call was accepted. Texts name
  // the rule and never the value. A message with rules that cannot be checked is violated by that.
  std::vector<FieldViolation> Check(const google::protobuf::Message& request, absl::Time now) const;

 private:
  const std::unique_ptr<PlanCache> plans_;
};

// The check of a format from a test of it and the words for what fails it ("is not a …").
inline FormatCheck FormatOf(bool (*is_right)(std::string_view), std::string what) {
  return [is_right, what = std::move(what)](std::string_view text) -> std::optional<std::string> {
    if (is_right(text)) return std::nullopt;
    return what;
  };
}

}  // namespace lscp

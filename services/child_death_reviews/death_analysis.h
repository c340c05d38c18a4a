#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/repeated_field.h"
#include "safeguarding/child_death_reviews/v1/analysis.pb.h"
#include "safeguarding/child_death_reviews/v1/attendance.pb.h"
#include "safeguarding/child_death_reviews/v1/death_notifications_service.pb.h"

// What is concluded from a death, and what may be told of it to who is not to know whose it was. No
// SQL, no gRPC, no clock.
namespace lscp::child_death_reviews {

namespace pb = safeguarding::child_death_reviews::v1;

// Whether a text for the panel tells who the child was: it holds a name of the child or a sibling
// (a word with a capital, in whatever accents), the NHS number, the postcode, the first line of the
// address, the school, the general practice, or the day of birth or death in a usual form.
bool TellsWho(std::string_view text, const pb::Particulars& particulars);
// A text of an analysis does.
bool TellsWho(const pb::DeathAnalysis& analysis, const pb::Particulars& particulars);
// INVALID_ARGUMENT for a text of the request that does.
absl::Status CheckTellsNobody(const char* field, std::string_view text,
                              const pb::Particulars& particulars);

// That an analysis in a request's field "analysis" is one: one factor a line, modifiable only what
// may have contributed, the modifiability as the factors have it, nothing that tells who the child
// was. What the panel agrees has a factor of each domain.
absl::Status CheckDraft(const pb::DeathAnalysis& analysis, const pb::Particulars& particulars);
absl::Status CheckAgreed(const pb::DeathAnalysis& analysis, const pb::Particulars& particulars);

// Age at death, in the bands in which deaths are counted.
pb::AgeBand AgeBandOf(const pb::Particulars& particulars);

// That no agency occurs twice with the same kind in a request's field.
absl::Status CheckAttendances(const google::protobuf::RepeatedPtrField<pb::Attendance>& list,
                              std::string_view field);

}  // namespace lscp::child_death_reviews

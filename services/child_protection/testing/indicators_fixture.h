#pragma once

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "child_protection/testing/conferences_fixture.h"
#include "common/store/resource_store.h"
#include "safeguarding/indicators/v1/indicators_service.pb.h"

namespace lscp::child_protection {

// Indicators over what handlers wrote, or over rows as they would have written them. Days are
// London's, periods from the first to the last.
class IndicatorsFixture : public ConferencesFixture {
 protected:
  // It is ten o'clock of the day.
  void At(absl::CivilDay day);

  // A row of a table in the borough; a column that is not given is NULL, zero or empty.
  void Row(const std::string& table, const Columns& columns);
  // The register's record `merged` turns out to be the child's of the record `left`.
  void Merged(const std::string& merged, const std::string& left);

  safeguarding::indicators::v1::Indicator Of(const std::string& id, absl::CivilDay first,
                                             absl::CivilDay last);
  // "3"; of a share or a mean "1/3".
  std::string Figure(const std::string& id, absl::CivilDay first, absl::CivilDay last);
  // Each as "POLICE 3", in the order given.
  std::vector<std::string> PartsOf(const std::string& id, const std::string& breakdown,
                                   absl::CivilDay first, absl::CivilDay last);
};

}  // namespace lscp::child_protection

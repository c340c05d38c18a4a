#include "child_protection/testing/fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/time/london.h"
#include "common/timescales/rule.h"

namespace lscp::child_protection {

Fixture::Fixture()
    : settings_(*Settings::Create(
          Parse<pb::ChildProtectionSettings>(
              "boroughs { id: 'barnet' duty_contact { display_name: 'Testing hub' "
              "phone: '020 7946 0001' out_of_hours_phone: '020 7946 0002' } }"),
          {"barnet"})) {}

std::string Fixture::Child(const std::string& id, const std::string& fields, int revision) {
  auto change = Parse<safeguarding::referrals::v1::ChildChanged>(fields);
  change.set_child("boroughs/barnet/children/" + id);
  change.set_revision(revision);
  EXPECT_TRUE(children_.Change(harness_.Database(), change).ok());
  return change.child();
}

std::string Fixture::ClockOf(const std::string& subject, const std::string& rule) {
  const auto rows = harness_.Database().Query(
      "SELECT due_at, met_at, cancelled_at FROM timescales WHERE subject = ? AND rule = ?",
      {subject, rule});
  EXPECT_TRUE(rows.ok()) << rows.status();
  if (rows->empty()) return "none";
  const auto day = [](absl::CivilDay day) { return absl::FormatCivilTime(day); };
  const db::Row& row = (*rows)[0];
  std::string text = absl::StrCat("due ", day(LastDayOf(row.Time(0))));
  if (row.Has(1)) absl::StrAppend(&text, " met ", day(LondonDay(row.Time(1))));
  if (row.Has(2)) absl::StrAppend(&text, " cancelled ", day(LondonDay(row.Time(2))));
  return text;
}

}  // namespace lscp::child_protection

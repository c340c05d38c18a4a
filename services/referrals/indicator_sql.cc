#include "referrals/indicator_sql.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/workflow/transition.h"
#include "google/protobuf/descriptor.h"
#include "referrals/codes.h"
#include "safeguarding/referrals/v1/codes.pb.h"

namespace lscp::referrals {
namespace {

namespace pb = safeguarding::referrals::v1;

template <typename Enum>
std::string NameOf(Enum value) {
  return workflow::StateName(*google::protobuf::GetEnumDescriptor<Enum>(), value);
}

// CASE over the census's codes of sources.
template <typename KeyOf>
std::string BySource(std::string_view column, const KeyOf& key_of) {
  std::string sql = absl::StrCat("CASE ", std::string(column));
  const auto* sources = pb::ReferralSource_descriptor();
  for (int i = 1; i < sources->value_count(); ++i) {
    const auto source = static_cast<pb::ReferralSource>(sources->value(i)->number());
    absl::StrAppend(&sql, " WHEN '", CodeOf(source), "' THEN '", key_of(source), "'");
  }
  return sql + " END";
}

}  // namespace

std::string SourceSql(std::string_view column) {
  return BySource(column, [](pb::ReferralSource source) { return NameOf(source); });
}

std::string SourceGroupSql(std::string_view column) {
  return BySource(column, [](pb::ReferralSource source) { return NameOf(SourceGroupOf(source)); });
}

}  // namespace lscp::referrals

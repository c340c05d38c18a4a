#include "child_protection/nrm_referral_store.h"

#include "common/status/macros.h"
#include "common/store/where.h"
#include "common/time/convert.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {
namespace {

using pb::NrmReferral;

Columns ColumnsOf(const NrmReferral& referral) {
  return {
      {"state", referral.state()},
      {"child", ResourceName::Parse(referral.child())->id},
      {"theme", referral.theme()},
      {"referred_on", ProtoToDate(referral.refer_date())},
      {"reasonable_on",
       referral.has_reasonable_date() ? ProtoToDate(referral.reasonable_date()) : std::nullopt},
      {"conclusive_on",
       referral.has_conclusive_date() ? ProtoToDate(referral.conclusive_date()) : std::nullopt},
  };
}

}  // namespace

NrmReferralStore::NrmReferralStore() : CaseStore("nrmReferrals", "nrm_referrals", ColumnsOf) {}

absl::StatusOr<NrmReferralStore::Page> NrmReferralStore::Find(
    Reading& reading, const pb::ListNrmReferralsRequest& request) const {
  Where where;
  where.In("state", request.states());
  if (!request.child().empty()) {
    RETURN_IF_ERROR(AddOfChild(reading.db(), request.child(), where));
  }
  if (request.has_referred_from()) {
    where.Add("referred_on >= ?", {ProtoToDate(request.referred_from())});
  }
  if (request.has_referred_before()) {
    where.Add("referred_on < ?", {ProtoToDate(request.referred_before())});
  }
  return List(reading, request,
              {.where = where.sql(),
               .args = where.args(),
               .sort_by = "referred_on",
               .descending = true,
               .page_size = request.page_size(),
               .page_token = request.page_token()});
}

}  // namespace lscp::child_protection

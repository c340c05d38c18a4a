#include "referrals/set_up.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/status/macros.h"
#include "referrals/child_service.h"
#include "referrals/child_store.h"
#include "referrals/identifiers.h"
#include "referrals/settings.h"

namespace lscp::referrals {
namespace {

constexpr std::string_view kPackage = "safeguarding.referrals.v1.";

FormatCheck Check(bool (*is_right)(std::string_view), const char* what) {
  return [=](std::string_view text) -> std::optional<std::string> {
    if (is_right(text)) return std::nullopt;
    return std::string(what);
  };
}

void RegisterChildren(ServiceContext& context, Children* children) {
  context.methods()
      .Of(std::string(kPackage) + "ChildrenService", children)
      .Write("CreateChild", &Children::Create)
      .Read("GetChild", &Children::Get)
      .Write("UpdateChild", &Children::Update)
      .Read("ListChildren", &Children::List)
      .Read("FindChildren", &Children::Find)
      .Write("MergeChildren", &Children::Merge)
      .Write("UnmergeChildren", &Children::Unmerge)
      .Write("RestrictChild", &Children::Restrict)
      .Write("LiftRestriction", &Children::LiftRestriction);
}

}  // namespace

absl::Status SetUpReferrals(ServiceContext& context) {
  ASSIGN_OR_RETURN(auto proto,
                   context.LoadSettings<safeguarding::referrals::v1::ReferralsSettings>());
  const auto& served = context.config().boroughs();
  ASSIGN_OR_RETURN(Settings loaded,
                   Settings::Create(std::move(proto), {served.begin(), served.end()}));
  [[maybe_unused]] const Settings* settings =
      context.Keep(std::make_unique<Settings>(std::move(loaded)));
  context.formats()["nhs_number"] = Check(IsNhsNumber, "is not an NHS number");
  context.formats()["upn"] = Check(IsUpn, "is not a unique pupil number");

  const ChildStore* child_store = context.Keep(std::make_unique<ChildStore>());
  RegisterChildren(context, context.Keep(std::make_unique<Children>(child_store)));
  return absl::OkStatus();
}

}  // namespace lscp::referrals

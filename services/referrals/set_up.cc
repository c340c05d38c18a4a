#include "referrals/set_up.h"

#include <memory>
#include <string>
#include <string_view>

#include "common/status/macros.h"
#include "domain/identifiers.h"
#include "referrals/agency_check_service.h"
#include "referrals/agency_check_store.h"
#include "referrals/assessment_service.h"
#include "referrals/assessment_store.h"
#include "referrals/child_service.h"
#include "referrals/child_store.h"
#include "referrals/contact_service.h"
#include "referrals/contact_store.h"
#include "referrals/contact_watch.h"
#include "referrals/indicators.h"
#include "referrals/my_referrals.h"
#include "referrals/referral_service.h"
#include "referrals/referral_store.h"
#include "referrals/settings.h"
#include "referrals/strategy_discussion.h"
#include "referrals/timescale_rules.h"

namespace lscp::referrals {
namespace {

constexpr std::string_view kPackage = "safeguarding.referrals.v1.";

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

void RegisterContacts(ServiceContext& context, Contacts* contacts, AgencyChecks* checks,
                      MyReferrals* mine) {
  context.methods()
      .Of(kContactsService, contacts)
      .Write("SubmitContact", &Contacts::Submit)
      .Write("RecordContact", &Contacts::Record)
      .Read("GetContact", &Contacts::Get)
      .Read("ListContacts", &Contacts::List)
      .Watch<pb::WatchContactsResponse>("WatchContacts", &Contacts::Watch)
      .Write("AcknowledgeContact", &Contacts::Acknowledge)
      .Write("RateContact", &Contacts::Rate)
      .Write("LinkChild", &Contacts::LinkChild)
      .Write("DecideContact", &Contacts::Decide)
      .Write("RecordFeedback", &Contacts::RecordFeedback)
      .Write("ReclassifyContact", &Contacts::Reclassify)
      .Write("MarkDuplicateContact", &Contacts::MarkDuplicate);
  context.methods()
      .Of(kContactsService, checks)
      .Write("RequestAgencyChecks", &AgencyChecks::Request)
      .Read("ListMyAgencyChecks", &AgencyChecks::ListMine)
      .Write("AnswerAgencyCheck", &AgencyChecks::Answer);
  context.methods()
      .Of(kContactsService, mine)
      .Read("GetMyReferral", &MyReferrals::Get)
      .Read("ListMyReferrals", &MyReferrals::List)
      .Watch<pb::WatchMyReferralsResponse>("WatchMyReferrals", &MyReferrals::Watch);
}

void RegisterReferrals(ServiceContext& context, Referrals* referrals) {
  context.methods()
      .Of(std::string(kPackage) + "ReferralsService", referrals)
      .Read("GetReferral", &Referrals::Get)
      .Read("ListReferrals", &Referrals::List)
      .Write("DecideReferral", &Referrals::Decide)
      .Write("AllocateReferral", &Referrals::Allocate)
      .Write("CloseReferral", &Referrals::Close)
      .Write("ReopenReferral", &Referrals::Reopen)
      .Watch<pb::WatchReferralsResponse>("WatchReferrals", &Referrals::Watch);
}

void RegisterAssessments(ServiceContext& context, Assessments* assessments) {
  context.methods()
      .Of(std::string(kPackage) + "AssessmentsService", assessments)
      .Write("StartAssessment", &Assessments::Start)
      .Read("GetAssessment", &Assessments::Get)
      .Read("ListAssessments", &Assessments::List)
      .Write("UpdateAssessment", &Assessments::Update)
      .Write("RecordChildSeen", &Assessments::RecordChildSeen)
      .Write("ExtendAssessment", &Assessments::Extend)
      .Write("SubmitAssessment", &Assessments::Submit)
      .Write("ReturnAssessment", &Assessments::Return)
      .Write("AuthoriseAssessment", &Assessments::Authorise)
      .Write("CancelAssessment", &Assessments::Cancel);
}

}  // namespace

absl::Status SetUpReferrals(ServiceContext& context) {
  ASSIGN_OR_RETURN(auto proto,
                   context.LoadSettings<safeguarding::referrals::v1::ReferralsSettings>());
  const auto& served = context.config().boroughs();
  ASSIGN_OR_RETURN(Settings loaded,
                   Settings::Create(std::move(proto), {served.begin(), served.end()}));
  const Settings* settings = context.Keep(std::make_unique<Settings>(std::move(loaded)));
  context.SetTimescaleRules(
      [settings](const std::string& borough) { return TimescaleRulesOf(settings->Of(borough)); });
  context.formats()["nhs_number"] = FormatOf(domain::IsNhsNumber, "is not an NHS number");
  context.formats()["upn"] = FormatOf(domain::IsUpn, "is not a unique pupil number");

  const ChildStore* child_store = context.Keep(std::make_unique<ChildStore>());
  Children* children = context.Keep(std::make_unique<Children>(child_store));
  RegisterChildren(context, children);

  const auto* contacts = context.Keep(std::make_unique<ContactStore>());
  const auto* checks = context.Keep(std::make_unique<AgencyCheckStore>());
  RegisterContacts(context,
                   context.Keep(std::make_unique<Contacts>(
                       Contacts::Parts{contacts, checks, child_store, children, settings})),
                   context.Keep(std::make_unique<AgencyChecks>(contacts, checks)),
                   context.Keep(std::make_unique<MyReferrals>(contacts)));

  const CaseParts cases = {
      .referrals = context.Keep(std::make_unique<ReferralStore>()),
      .assessments = context.Keep(std::make_unique<AssessmentStore>()),
      .strategy = context.Keep(std::make_unique<StrategyDiscussions>(contacts, checks)),
      .settings = settings};
  RegisterReferrals(context, context.Keep(std::make_unique<Referrals>(cases)));
  RegisterAssessments(context, context.Keep(std::make_unique<Assessments>(cases)));
  context.SetIndicators(Indicators(*settings, {served.begin(), served.end()}));
  return absl::OkStatus();
}

}  // namespace lscp::referrals

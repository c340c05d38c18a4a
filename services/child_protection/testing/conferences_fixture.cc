#include "child_protection/testing/conferences_fixture.h"

#include <algorithm>

#include "child_protection/enquiry_store.h"
#include "common/time/convert.h"
#include "common/time/london.h"
#include "common/timescales/store.h"
#include "common/validate/resource_name.h"

namespace lscp::child_protection {

using pb::Conference;
using pb::Invitation;

void ConferencesFixture::As(const std::string& agency, const std::string& person) {
  harness_.caller.agency = agency;
  harness_.caller.person = person;
}

void ConferencesFixture::AskFor(const pb::ConsideredChild& considered) {
  const Call call = harness_.CallOf(pb::ConveneConferenceRequest());
  Transaction tx(&harness_.Database(), &call);
  const EnquiryStore store;
  auto known = store.Lock(tx, considered.enquiry(), "");
  pb::Enquiry enquiry = known.ok() ? *known : pb::Enquiry();
  enquiry.set_name(considered.enquiry());
  enquiry.set_child(considered.child());
  enquiry.set_state(pb::Enquiry::STATE_CONFERENCE_DUE);
  *enquiry.mutable_start_time() = TimeToProto(harness_.clock.Now());
  *enquiry.mutable_conference_due_time() = enquiry.start_time();
  const absl::Status status = known.ok() ? store.Update(tx, enquiry) : store.Insert(tx, enquiry);
  EXPECT_TRUE(status.ok()) << status;
}

absl::StatusOr<Conference> ConferencesFixture::Convene(const std::vector<std::string>& children,
                                                       const std::string& type, bool asked) {
  const absl::Time now = harness_.clock.Now();
  auto request = Parse<pb::ConveneConferenceRequest>(
      "parent: 'boroughs/barnet' chair: 'c.chair' team: 'planning-1' worker: 'w.worker' "
      "non_working_day_reason: 'x' late_reason: 'x' type: TYPE_" +
      type);
  for (const std::string& child : children) {
    pb::ConsideredChild& considered = *request.add_children();
    considered.set_child(child);
    considered.set_given_name("Testa");
    considered.set_family_name("Beispiel");
    if (type != "INITIAL") continue;
    considered.set_enquiry(Enquiry(ResourceName::Parse(child)->id));
    // ALREADY_EXISTS where the enquiry asked before.
    if (asked) {
      AskFor(considered);
      timescales::Start(harness_.Database(), "barnet",
                        {{considered.enquiry(), kInitialConference.id, now,
                          EndOfDay(ConferenceDue(LondonDay(now)))}})
          .IgnoreError();
    }
  }
  if (type == "TRANSFER_IN") *request.mutable_notice_date() = DateToProto(LondonDay(now));
  const absl::Time usual = StartOfDay(absl::CivilDay(2025, 3, 20)) + absl::Hours(10);
  *request.mutable_plan_time() = TimeToProto(std::max(usual, now));
  const auto response = harness_.Run(conferences_, &Conferences::Convene, request);
  if (!response.ok()) return response.status();
  return response->conference();
}

Conference ConferencesFixture::Convened(const std::vector<std::string>& children) {
  const auto conference = Convene(children, "INITIAL");
  EXPECT_TRUE(conference.ok()) << conference.status();
  return conference.value_or(Conference());
}

Conference ConferencesFixture::Invited(const Conference& conference) {
  const auto response = harness_.Run(
      conferences_, &Conferences::Invite,
      Of<pb::InviteToConferenceRequest>(
          Read(conference),
          "agencies { agency: 'testcouncil' kind: AGENCY_KIND_SOCIAL_CARE direct_contact: true } "
          "agencies { agency: 'testschool' kind: AGENCY_KIND_EDUCATION direct_contact: true } "
          "agencies { agency: 'testhealth' kind: AGENCY_KIND_HEALTH direct_contact: true }"));
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->conference() : conference;
}

Conference ConferencesFixture::Held(const Conference& conference) {
  auto request =
      Of<pb::HoldConferenceRequest>(Read(conference),
                                    "attendance { agency: 'testcouncil' attended: true } "
                                    "attendance { agency: 'testschool' attended: true } "
                                    "attendance { agency: 'testhealth' attended: true }");
  *request.mutable_hold_time() = TimeToProto(harness_.clock.Now());
  for (const std::string& child : conference.children()) {
    pb::ChildParticipation& part = *request.add_participation();
    part.set_child(child);
    part.set_participation(pb::PARTICIPATION_CODE_SPOKE);
  }
  const auto response = harness_.Run(conferences_, &Conferences::Hold, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->conference() : conference;
}

Conference ConferencesFixture::Decided(const Conference& conference,
                                       const std::vector<std::string>& decisions) {
  auto request = Of<pb::DecideConferenceRequest>(Read(conference));
  for (size_t i = 0; i < decisions.size(); ++i) {
    auto decision = Parse<pb::ChildDecision>(
        "rationale: 'invented' decision: CONFERENCE_DECISION_" + decisions[i]);
    decision.set_child(conference.children(static_cast<int>(i)));
    if (decisions[i] == "PLAN") decision.set_category(pb::PLAN_CATEGORY_NEGLECT);
    if (decisions[i] == "END") decision.set_destination(pb::PLAN_DESTINATION_CHILD_IN_NEED);
    *request.add_decisions() = decision;
  }
  const auto response = harness_.Run(conferences_, &Conferences::Decide, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->conference() : conference;
}

Conference ConferencesFixture::Read(const Conference& conference) {
  pb::GetConferenceRequest request;
  request.set_name(conference.name());
  const auto response = harness_.Run(conferences_, &Conferences::Get, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->conference() : Conference();
}

std::vector<std::string> ConferencesFixture::Listed(const std::string& filter) {
  const auto response =
      harness_.Run(conferences_, &Conferences::List,
                   Parse<pb::ListConferencesRequest>("parent: 'boroughs/barnet' " + filter));
  EXPECT_TRUE(response.ok()) << response.status();
  std::vector<std::string> names;
  if (!response.ok()) return names;
  for (const Conference& conference : response->conferences()) {
    names.push_back(conference.name());
    EXPECT_EQ(conference.invitations_size(), 0);
  }
  return names;
}

std::vector<Invitation> ConferencesFixture::Mine() {
  const auto response =
      harness_.Run(agencies_, &InvitedAgencies::List,
                   Parse<pb::ListMyInvitationsRequest>("parent: 'boroughs/barnet'"));
  EXPECT_TRUE(response.ok()) << response.status();
  if (!response.ok()) return {};
  return {response->invitations().begin(), response->invitations().end()};
}

absl::StatusOr<Invitation> ConferencesFixture::Report(const Invitation& invitation) {
  const auto response = harness_.Run(
      agencies_, &InvitedAgencies::Report,
      Of<pb::SubmitConferenceReportRequest>(invitation, "report: 'what the school knows'"));
  if (!response.ok()) return response.status();
  return response->invitation();
}

std::string ConferencesFixture::PlanFor(const std::string& child, const std::string& type) {
  const auto conference = Convene({child}, type);
  EXPECT_TRUE(conference.ok()) << conference.status();
  if (!conference.ok()) return "";
  return Decided(Held(Invited(*conference)), {"PLAN"}).considered(0).plan();
}

pb::ProtectionPlan ConferencesFixture::Plan(const std::string& name) {
  pb::GetPlanRequest request;
  request.set_name(name);
  const auto response = harness_.Run(plans_, &Plans::Get, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->plan() : pb::ProtectionPlan();
}

}  // namespace lscp::child_protection

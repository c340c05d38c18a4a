#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "child_protection/conference_service.h"
#include "child_protection/invited_agency.h"
#include "child_protection/plan_service.h"
#include "child_protection/testing/fixture.h"
#include "child_protection/testing/rules.h"

namespace lscp::child_protection {

// The handlers of conferences and plans on a database of their own. Calls come from the council
// until a test says otherwise.
class ConferencesFixture : public Fixture {
 protected:
  void As(const std::string& agency, const std::string& person = "");
  void AsCouncil() { As("barnet-council", "c.chair"); }

  // The enquiry about the child asks for a conference.
  void AskFor(const pb::ConsideredChild& considered);
  // The name of the enquiry about a child, which asks for a conference since now.
  static std::string Enquiry(const std::string& id) { return "boroughs/barnet/enquiries/" + id; }
  // Planned for 20 March 2025 or, where the clock is later, for now. `asked`: enquiries ask for it.
  absl::StatusOr<pb::Conference> Convene(const std::vector<std::string>& children,
                                         const std::string& type, bool asked = true);
  pb::Conference Convened(const std::vector<std::string>& children);
  // With social care, a school and a health trust.
  pb::Conference Invited(const pb::Conference& conference);
  // Now, by all who were invited.
  pb::Conference Held(const pb::Conference& conference);
  // One decision for each child, in order.
  pb::Conference Decided(const pb::Conference& conference,
                         const std::vector<std::string>& decisions);
  pb::Conference Read(const pb::Conference& conference);
  std::vector<std::string> Listed(const std::string& filter);

  // Of the calling agency.
  std::vector<pb::Invitation> Mine();
  absl::StatusOr<pb::Invitation> Report(const pb::Invitation& invitation);

  // The name of a plan that a conference begins now, for neglect.
  std::string PlanFor(const std::string& child, const std::string& type = "INITIAL");
  pb::ProtectionPlan Plan(const std::string& name);

  Conferences conferences_{parts_};
  InvitedAgencies agencies_;
  Plans plans_{parts_};
};

}  // namespace lscp::child_protection

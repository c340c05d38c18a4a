#include "child_death_reviews/family_support.h"

#include <algorithm>
#include <string_view>

#include "child_death_reviews/joint_response.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/convert.h"

namespace lscp::child_death_reviews {
namespace {

using pb::FamilySupport;

absl::Status TakeStep(FamilySupport& support, std::string_view verb) {
  ASSIGN_OR_RETURN(const FamilySupport::State next,
                   Next(kFamilySupportTransitions, verb, support.state(), support.name()));
  support.set_state(next);
  return absl::OkStatus();
}

}  // namespace

TimescaleRule FamilyKeyWorkerRule(const Settings::Borough& borough) {
  return {kFamilyKeyWorker, "Key worker for the family", "death review taken on",
          WorkingDays(static_cast<int>(borough.key_worker_working_days())),
          "Child Death Review: statutory and operational guidance 2018, "
          "chapter 6; working days by "
          "the area's setting"};
}

FamilySupport BeginFamilySupport(const pb::DeathReview& review, absl::Time now) {
  FamilySupport support;
  support.set_name(NameOfPart(review.name(), "familySupports"));
  support.set_state(FamilySupport::STATE_UNASSIGNED);
  *support.mutable_begin_time() = TimeToProto(now);
  Follow(support, review);
  return support;
}

void Follow(FamilySupport& support, const pb::DeathReview& review) {
  support.set_given_name(review.particulars().given_name());
  support.set_family_name(review.particulars().family_name());
  *support.mutable_death_date() = review.particulars().death_date();
  support.set_parents(review.particulars().parents());
  support.set_coordinator(review.coordinator());
}

bool MayRecord(const FamilySupport& support, std::string_view person) {
  return !person.empty() &&
         (support.key_worker().person() == person || support.coordinator() == person);
}

absl::Status Assign(FamilySupport& support, const pb::AssignKeyWorkerRequest& request,
                    absl::Time now) {
  RETURN_IF_ERROR(TakeStep(support, "AssignKeyWorker"));
  if (support.has_key_worker()) *support.add_former_key_workers() = support.key_worker();
  *support.mutable_key_worker() = request.key_worker();
  *support.mutable_key_worker()->mutable_assign_time() = TimeToProto(now);
  return absl::OkStatus();
}

absl::Status Offer(FamilySupport& support, const pb::RecordSupportOfferRequest& request) {
  RETURN_IF_ERROR(TakeStep(support, "RecordSupportOffer"));
  if (*ProtoToDate(request.offer().offer_date()) < *ProtoToDate(support.death_date())) {
    return InvalidField("offer.offer_date", "lies before the death");
  }
  *support.add_offers() = request.offer();
  return absl::OkStatus();
}

absl::Status RecordViews(FamilySupport& support, const pb::RecordFamilyViewsRequest& request,
                         const Step& step) {
  RETURN_IF_ERROR(TakeStep(support, "RecordFamilyViews"));
  pb::FamilyViews& views = *support.add_views();
  views = request.views();
  views.set_person(step.person);
  *views.mutable_time() = TimeToProto(step.now);
  return absl::OkStatus();
}

absl::Status End(FamilySupport& support, const pb::EndFamilySupportRequest& request) {
  RETURN_IF_ERROR(TakeStep(support, "EndFamilySupport"));
  const bool offered = std::any_of(
      support.offers().begin(), support.offers().end(),
      [](const pb::SupportOffer& offer) { return offer.kind() == pb::SUPPORT_KIND_BEREAVEMENT; });
  if (!offered) {
    return PreconditionFailed(reason::ERROR_REASON_RULE_NOT_MET, "bereavement_support_offered",
                              support.name(), "bereavement support was not offered");
  }
  support.set_end_reason(request.reason());
  return absl::OkStatus();
}

}  // namespace lscp::child_death_reviews

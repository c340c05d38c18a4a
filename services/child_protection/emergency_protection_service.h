#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "child_protection/emergency_protection_store.h"
#include "child_protection/parts.h"
#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Handlers of EmergencyProtectionsService. The contract says what they answer. Thread-safe; the
// parts must outlive this.
class EmergencyProtections {
 public:
  explicit EmergencyProtections(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<pb::RecordPoliceProtectionResponse> RecordPolice(
      const pb::RecordPoliceProtectionRequest& request, Transaction& tx);
  absl::StatusOr<pb::RecordEmergencyProtectionOrderResponse> RecordOrder(
      const pb::RecordEmergencyProtectionOrderRequest& request, Transaction& tx);
  absl::StatusOr<pb::ExtendEmergencyProtectionOrderResponse> Extend(
      const pb::ExtendEmergencyProtectionOrderRequest& request, Transaction& tx);
  absl::StatusOr<pb::EndEmergencyProtectionResponse> End(
      const pb::EndEmergencyProtectionRequest& request, Transaction& tx);
  absl::StatusOr<pb::GetEmergencyProtectionResponse> Get(
      const pb::GetEmergencyProtectionRequest& request, Reading& reading);
  absl::StatusOr<pb::ListEmergencyProtectionsResponse> List(
      const pb::ListEmergencyProtectionsRequest& request, Reading& reading);

 private:
  // Stores a new protection with its clock.
  absl::Status Start(Transaction& tx, pb::EmergencyProtection& protection) const;
  // Meets the clock and stores what has ended.
  absl::Status Finish(Transaction& tx, pb::EmergencyProtection& protection) const;
  // An order takes the place of police protection; ALREADY_EXISTS when an order is in force.
  absl::Status EndPoliceProtection(Transaction& tx, const pb::EmergencyProtection& order) const;

  const Parts parts_;
  const EmergencyProtectionStore store_;
};

void RegisterEmergencyProtections(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection

#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "child_protection/emergency_protection.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The police protections and emergency protection orders of the database. Immutable and
// thread-safe; errors as of CaseStore.
class EmergencyProtectionStore : public domain::CaseStore<pb::EmergencyProtection> {
 public:
  EmergencyProtectionStore();

  // What is in force for a child, under whatever record of the register, locked; nothing when there
  // is nothing.
  absl::StatusOr<std::optional<pb::EmergencyProtection>> LockInForce(Transaction& tx,
                                                                     std::string_view child) const;

  // The latest started first.
  absl::StatusOr<Page> Find(Reading& reading,
                            const pb::ListEmergencyProtectionsRequest& request) const;
};

}  // namespace lscp::child_protection

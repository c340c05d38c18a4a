#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "child_protection/enquiry.h"
#include "domain/case_store.h"

namespace lscp::child_protection {

// The section 47 enquiries of the database. Immutable and thread-safe; errors as of CaseStore.
class EnquiryStore : public domain::CaseStore<pb::Enquiry> {
 public:
  EnquiryStore();

  // The open enquiry about a child, under whatever record of the register, locked; nothing when
  // there is none.
  absl::StatusOr<std::optional<pb::Enquiry>> LockOpen(Transaction& tx,
                                                      std::string_view child) const;

  // The latest started first.
  absl::StatusOr<Page> Find(Reading& reading, const pb::ListEnquiriesRequest& request) const;
};

}  // namespace lscp::child_protection

#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "child_protection/parts.h"
#include "common/journal/transaction.h"
#include "common/lifecycle/service.h"
#include "safeguarding/child_protection/v1/plans_service.pb.h"
#include "safeguarding/referrals/v1/events.pb.h"

// A child whose protection plan began before the birth: once the child is born, those who are
// around it meet soon, in a core group or a review conference.
namespace lscp::child_protection {

// What the register says of a child: when it is the birth of one whose plan began before, and
// nobody has met since, the meeting is owed. Errors: the database's.
absl::Status ExpectMeetingAfterBirth(Transaction& tx, const Parts& parts,
                                     const safeguarding::referrals::v1::ChildChanged& change);

// A core group or a review conference about a plan was held: what was owed is met, unless it was
// held before the birth. Errors: the database's.
absl::Status MeetAfterBirth(Transaction& tx,
                            const safeguarding::child_protection::v1::ProtectionPlan& plan,
                            absl::Time held);

// Has births followed; after FollowRegister.
void FollowBirths(ServiceContext& context, const Parts& parts);

}  // namespace lscp::child_protection

#pragma once

#include "common/lifecycle/service.h"

namespace lscp::child_protection {

// Has what the children in care service tells kept: when a child is looked after, which CheckChild
// tells (child_status.h) and figures count (table care_periods).
void FollowCare(ServiceContext& context);

}  // namespace lscp::child_protection

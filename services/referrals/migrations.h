#pragma once

#include <span>

#include "common/db/migration.h"

namespace lscp::referrals {

// The service's tables: what migrations/ holds.
extern const std::span<const db::Migration> kMigrations;

}  // namespace lscp::referrals

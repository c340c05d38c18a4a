#pragma once

#include <span>

#include "common/db/migration.h"

namespace lscp::child_death_reviews {

// The service's tables: what migrations/ holds.
extern const std::span<const db::Migration> kMigrations;

}  // namespace lscp::child_death_reviews

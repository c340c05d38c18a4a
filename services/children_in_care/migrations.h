#pragma once

#include <span>

#include "common/db/migration.h"

namespace lscp::children_in_care {

// The service's tables: what migrations/ holds.
extern const std::span<const db::Migration> kMigrations;

}  // namespace lscp::children_in_care

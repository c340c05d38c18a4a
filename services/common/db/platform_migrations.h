#pragma once

#include <span>

#include "common/db/migration.h"
#include "common/db/migrator.h"

namespace lscp::db::platform {

// services/common/migrations: the tables that every service has, in its own database.
extern const std::span<const Migration> kMigrations;

// Name of the platform's component.
inline constexpr char kName[] = "platform";
inline Component Tables() { return {kName, kMigrations}; }

}  // namespace lscp::db::platform

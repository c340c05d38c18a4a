#pragma once

#include <span>

namespace lscp::db {

// One numbered step of a schema, from migrations/NNNN_title.sql. A step is expand or contract,
// never both: the server of the version before must work on the schema after it.
struct Migration {
  int version;
  const char* title;
  // Statements separated by ";\n".
  const char* sql;
};

}  // namespace lscp::db

#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Leaves the function with the error of `expr`, if it has one.
#define RETURN_IF_ERROR(expr)                                                     \
  do {                                                                            \
    if (absl::Status lscp_status = (expr); !lscp_status.ok()) return lscp_status; \
  } while (false)

#define LSCP_CONCAT_INNER(a, b) a##b
#define LSCP_CONCAT(a, b) LSCP_CONCAT_INNER(a, b)

// Leaves the function with the error of `expr`, or moves its value into `lhs`.
#define ASSIGN_OR_RETURN(lhs, expr) \
  LSCP_ASSIGN_OR_RETURN(LSCP_CONCAT(lscp_result_, __LINE__), lhs, expr)

#define LSCP_ASSIGN_OR_RETURN(result, lhs, expr)       \
  auto result = (expr);                                \
  if (!result.ok()) return std::move(result).status(); \
  lhs = std::move(result).value()

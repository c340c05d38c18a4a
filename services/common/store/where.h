#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "common/db/value.h"

namespace lscp {

// The condition of a ListQuery, put together from a request's filters: all must hold. A filter that
// is not set adds nothing.
class Where {
 public:
  Where& Add(std::string_view condition, const db::Args& args = {}) {
    if (!sql_.empty()) sql_ += " AND ";
    sql_.append("(").append(condition).append(")");
    args_.insert(args_.end(), args.begin(), args.end());
    return *this;
  }

  // `column` (or an expression) is one of the values, if there are any.
  template <typename Values>
  Where& In(std::string_view column, const Values& values) {
    if (values.empty()) return *this;
    std::string condition(column);
    db::Args args;
    for (const auto& value : values) {
      condition += args.empty() ? " IN (?" : ", ?";
      args.emplace_back(value);
    }
    return Add(condition + ")", args);
  }

  const std::string& sql() const { return sql_; }
  const db::Args& args() const { return args_; }

 private:
  std::string sql_;
  db::Args args_;
};

}  // namespace lscp

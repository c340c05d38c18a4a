#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lscp {

// The texts of a multi-row INSERT, one for each number of rows, made once: the connection keeps its
// prepared statements by text. A const object is thread-safe.
class InsertText {
 public:
  static constexpr size_t kMostRows = 64;

  // `head` is "INSERT INTO table (a, b) VALUES " for rows of `columns` placeholders.
  InsertText(std::string_view head, size_t columns) {
    std::string row = "(?";
    for (size_t i = 1; i < columns; ++i) row += ",?";
    row += ")";
    std::string text = std::string(head) + row;
    for (size_t rows = 1; rows <= kMostRows; ++rows) {
      texts_.push_back(text);
      text += "," + row;
    }
  }

  // 1 <= rows <= kMostRows.
  const std::string& For(size_t rows) const { return texts_[rows - 1]; }

 private:
  std::vector<std::string> texts_;
};

}  // namespace lscp

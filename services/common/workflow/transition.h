#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/generated_enum_reflection.h"

// Life cycles as tables:
//
//   constexpr Transition<Box::State> kBoxTransitions[] = {
//       {"PackBox", {Box::STATE_UNSPECIFIED}, Box::STATE_PACKED},
//       {"SendBox", {Box::STATE_PACKED, Box::STATE_RETURNED}, Box::STATE_SENT},
//   };
//
// The value UNSPECIFIED, number 0, stands for a record that does not exist yet. A verb may have
// several rows with different sources. All functions are thread-safe.
namespace lscp {

// States from which a transition leads; a list that fits into a constant.
template <typename State>
class States {
 public:
  static constexpr size_t kMost = 16;

  constexpr States(std::initializer_list<State> states) {  // NOLINT(google-explicit-constructor)
    for (const State state : states) states_.at(size_++) = state;
  }
  constexpr const State* begin() const { return states_.data(); }
  constexpr const State* end() const { return states_.data() + size_; }
  constexpr bool Has(State wanted) const {
    for (const State state : *this) {
      if (state == wanted) return true;
    }
    return false;
  }

 private:
  std::array<State, kMost> states_{};
  size_t size_ = 0;
};

// What a verb does: from one of these states to that one.
template <typename State>
struct Transition {
  std::string_view verb;
  States<State> from;
  State to;
};

namespace workflow {

// A table without its type.
struct Row {
  std::string_view verb;
  std::vector<int> from;
  int to;
};
struct Table {
  const google::protobuf::EnumDescriptor* states;
  std::vector<Row> rows;
};

template <typename State, size_t kRows>
Table Untyped(const Transition<State> (&transitions)[kRows]) {
  Table table{google::protobuf::GetEnumDescriptor<State>(), {}};
  for (const Transition<State>& transition : transitions) {
    table.rows.push_back(
        {transition.verb, {transition.from.begin(), transition.from.end()}, transition.to});
  }
  return table;
}

std::string StateName(const google::protobuf::EnumDescriptor& states, int state);
absl::Status NotAllowed(const Table& table, std::string_view verb, int current,
                        std::string_view subject);
std::string MarkdownTable(const Table& table);
std::string MermaidDiagram(const Table& table);
std::vector<std::string> Faults(const Table& table);

}  // namespace workflow

// The state's name without its enum's prefix, "PACKED"; "(new)" for UNSPECIFIED.
template <typename State>
std::string StateName(State state) {
  return workflow::StateName(*google::protobuf::GetEnumDescriptor<State>(), state);
}

// The state to which `verb` leads. FAILED_PRECONDITION TRANSITION_NOT_ALLOWED, naming the states
// that allow the verb, when the current one doesn't; `subject` is the resource's name. INTERNAL
// when the table has no such verb.
template <typename State, size_t kRows>
absl::StatusOr<State> Next(const Transition<State> (&table)[kRows], std::string_view verb,
                           State current, std::string_view subject) {
  for (const Transition<State>& transition : table) {
    if (transition.verb == verb && transition.from.Has(current)) return transition.to;
  }
  return workflow::NotAllowed(workflow::Untyped(table), verb, current, subject);
}

// The table for a README, in its own order.
template <typename State, size_t kRows>
std::string MarkdownTable(const Transition<State> (&table)[kRows]) {
  return workflow::MarkdownTable(workflow::Untyped(table));
}

// The table as a Mermaid state diagram for a README, fenced.
template <typename State, size_t kRows>
std::string MermaidDiagram(const Transition<State> (&table)[kRows]) {
  return workflow::MermaidDiagram(workflow::Untyped(table));
}

}  // namespace lscp

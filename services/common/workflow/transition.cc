#include "common/workflow/transition.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"
#include "google/protobuf/descriptor.h"

namespace lscp::workflow {
namespace {

using google::protobuf::EnumDescriptor;

constexpr int kNotYet = 0;
constexpr char kNew[] = "(new)";

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

// "ContactState" → "CONTACT_STATE_", which the style of the contract puts before every value.
std::string PrefixOf(const std::string& enum_name) {
  std::string prefix;
  for (size_t i = 0; i < enum_name.size(); ++i) {
    const char c = enum_name[i];
    if (i > 0 && IsUpper(c) && !IsUpper(enum_name[i - 1])) prefix += '_';
    prefix += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return prefix + "_";
}

std::string Names(const EnumDescriptor& states, const std::vector<int>& numbers,
                  const char* separator) {
  return absl::StrJoin(numbers, separator, [&](std::string* out, int state) {
    absl::StrAppend(out, StateName(states, state));
  });
}

// Sources of all rows of a verb, in the table's order.
std::vector<int> SourcesOf(const Table& table, std::string_view verb) {
  std::vector<int> sources;
  for (const Row& row : table.rows) {
    if (row.verb == verb) sources.insert(sources.end(), row.from.begin(), row.from.end());
  }
  return sources;
}

}  // namespace

std::string StateName(const EnumDescriptor& states, int state) {
  if (state == kNotYet) return kNew;
  const auto* value = states.FindValueByNumber(state);
  if (value == nullptr) return absl::StrCat("state ", state);
  const std::string prefix = PrefixOf(states.name());
  return value->name().starts_with(prefix) ? value->name().substr(prefix.size()) : value->name();
}

absl::Status NotAllowed(const Table& table, std::string_view verb, int current,
                        std::string_view subject) {
  const std::vector<int> sources = SourcesOf(table, verb);
  if (sources.empty()) {
    return absl::InternalError(
        absl::StrCat("no transition ", std::string(verb), " of ", table.states->full_name()));
  }
  return PreconditionFailed(
      reason::ERROR_REASON_TRANSITION_NOT_ALLOWED, "STATE", subject,
      absl::StrCat(std::string(verb), " is allowed in ", Names(*table.states, sources, ", "),
                   "; the state is ", StateName(*table.states, current)));
}

std::string MarkdownTable(const Table& table) {
  std::string text = "| verb | from | to |\n| --- | --- | --- |\n";
  for (const Row& row : table.rows) {
    absl::StrAppend(&text, "| ", std::string(row.verb), " | ", Names(*table.states, row.from, ", "),
                    " | ", StateName(*table.states, row.to), " |\n");
  }
  return text;
}

std::string MermaidDiagram(const Table& table) {
  const auto node = [&](int state) {
    return state == kNotYet ? std::string("[*]") : StateName(*table.states, state);
  };
  std::string text = "```mermaid\nstateDiagram-v2\n";
  std::set<int> left;
  for (const Row& row : table.rows) {
    for (const int from : row.from) {
      absl::StrAppend(&text, "    ", node(from), " --> ", node(row.to), ": ", std::string(row.verb),
                      "\n");
      left.insert(from);
    }
  }
  std::set<int> ends;
  for (const Row& row : table.rows) {
    if (!left.contains(row.to)) ends.insert(row.to);
  }
  for (const int end : ends) absl::StrAppend(&text, "    ", node(end), " --> [*]\n");
  return text + "```\n";
}

std::vector<std::string> Faults(const Table& table) {
  std::vector<std::string> faults;
  std::set<std::pair<std::string_view, int>> seen;
  std::set<int> reachable = {kNotYet};
  for (const Row& row : table.rows) {
    reachable.insert(row.to);
    for (const int from : row.from) {
      if (seen.emplace(row.verb, from).second) continue;
      faults.push_back(absl::StrCat(std::string(row.verb), " from ", StateName(*table.states, from),
                                    " is there twice"));
    }
  }
  for (int i = 0; i < table.states->value_count(); ++i) {
    const int state = table.states->value(i)->number();
    if (reachable.contains(state)) continue;
    faults.push_back(absl::StrCat("nothing leads to ", StateName(*table.states, state)));
  }
  return faults;
}

}  // namespace lscp::workflow

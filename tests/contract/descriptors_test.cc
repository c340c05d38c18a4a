// What is true of every method and every field of the contract. Each test lists all that break its
// rule, by name.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/validate/validator.h"
#include "re2/re2.h"
#include "safeguarding/errors/v1/error_reason.pb.h"
#include "tests/contract/contract.h"

namespace lscp::tests {
namespace {

namespace options = safeguarding::options::v1;
using ::testing::IsEmpty;

// What breaks a rule.
class Breaches {
 public:
  template <typename... Parts>
  void Require(bool holds, const std::string& what, const Parts&... rule) {
    if (!holds) breaches_.push_back(absl::StrCat(what, " ", rule...));
  }
  const std::vector<std::string>& all() const { return breaches_; }

 private:
  std::vector<std::string> breaches_;
};

const FieldDescriptor* FieldOf(const Descriptor& type, const std::string& name) {
  return type.FindFieldByName(name);
}

bool IsText(const FieldDescriptor* field) {
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated();
}

bool IsA(const FieldDescriptor* field, FieldDescriptor::Type type) {
  return field != nullptr && field->type() == type && !field->is_repeated();
}

// The field at a dotted path.
const FieldDescriptor* FieldAt(const Descriptor& type, const std::string& path) {
  const size_t dot = path.find('.');
  const FieldDescriptor* field = FieldOf(type, path.substr(0, dot));
  if (dot == std::string::npos || field == nullptr || field->message_type() == nullptr) {
    return dot == std::string::npos ? field : nullptr;
  }
  return FieldAt(*field->message_type(), path.substr(dot + 1));
}

// A write under a parent makes something new; any other changes what somebody has read.
bool Creates(const MethodRule& rule) { return rule.scope() == "parent"; }

TEST(EveryMethod, SaysWhoMayCallItAndWhatItGivesAway) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    const MethodRule rule = RuleOf(*method);
    const auto require = [&](bool holds, const char* what) {
      breaches.Require(holds, method->full_name(), what);
    };
    require(RE2::FullMatch(rule.permission(), "[a-z_]+\\.[a-z_]+"), "has no permission");
    require(rule.kind() != options::KIND_UNSPECIFIED, "says not what kind it is");
    require(rule.repeats() != options::REPEATS_UNSPECIFIED, "says not whether it may be repeated");
    require(rule.discloses() != options::DISCLOSES_UNSPECIFIED, "says not what it gives away");
    require((rule.kind() == options::KIND_WRITE) == (rule.repeats() != options::REPEATS_FREELY),
            "may be repeated freely if, and only if, it changes nothing");
    require(rule.max_deadline_ms() == 0 || rule.default_deadline_ms() <= rule.max_deadline_ms(),
            "has a default deadline beyond its longest");
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryMethod, NamesItsBoroughInARequiredField) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    const std::string scope = RuleOf(*method).scope();
    const FieldDescriptor* field = FieldAt(*method->input_type(), scope);
    breaches.Require(IsText(field), method->full_name(), "has no string at ", scope);
    if (!IsText(field)) continue;
    // The name inside a patch is needed to find the record, whatever the resource itself says.
    const bool in_patch = scope.find('.') != std::string::npos;
    const FieldDescriptor* top = FieldOf(*method->input_type(), scope.substr(0, scope.find('.')));
    breaches.Require(RuleOf(*top).required(), method->full_name(), "does not require ", scope);
    const FieldRule rule = RuleOf(*field);
    breaches.Require(rule.resource_size() > 0 || (!in_patch && !rule.pattern().empty()),
                     method->full_name(), "lets ", scope, " be anything");
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryMethod, StreamsIfAndOnlyIfItWatches) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    const bool watches = RuleOf(*method).kind() == options::KIND_WATCH;
    breaches.Require(method->server_streaming() == watches, method->full_name(), "");
    breaches.Require(!method->client_streaming(), method->full_name(), "takes a stream");
    breaches.Require(absl::StartsWith(method->name(), "Watch") == watches, method->full_name(),
                     "is named otherwise");
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryWrite, CanBeRepeatedAndRehearsed) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    const MethodRule rule = RuleOf(*method);
    if (rule.kind() != options::KIND_WRITE) continue;
    const FieldDescriptor* id = FieldOf(*method->input_type(), "request_id");
    breaches.Require(rule.repeats() == options::REPEATS_BY_REQUEST_ID, method->full_name(),
                     "cannot be repeated");
    breaches.Require(IsText(id) && RuleOf(*id).required(), method->full_name(),
                     "requires no request_id");
    // Siblings deliver events in batches with ids of their own.
    if (rule.internal() || id == nullptr) continue;
    breaches.Require(!RuleOf(*id).pattern().empty(), method->full_name(),
                     "lets request_id be anything");
    breaches.Require(
        IsA(FieldOf(*method->input_type(), "validate_only"), FieldDescriptor::TYPE_BOOL),
        method->full_name(), "has no validate_only");
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryWrite, OfARecordThatIsThereRequiresItsEtag) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    const MethodRule rule = RuleOf(*method);
    if (rule.kind() != options::KIND_WRITE || Creates(rule)) continue;
    const FieldDescriptor* etag = FieldOf(*method->input_type(), "etag");
    breaches.Require(IsText(etag) && RuleOf(*etag).required() && !RuleOf(*etag).pattern().empty(),
                     method->full_name(), "");
    breaches.Require(absl::StrContains(CommentOf(*method), "ETAG_MISMATCH"), method->full_name(),
                     "does not tell of ETAG_MISMATCH");
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

// Lists of what is compiled into a service: as long as its source code says.
const std::set<std::string> kUnpaged = {"ListTimescaleRules", "ListIndicatorDefinitions"};

TEST(EveryList, Pages) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    if (!absl::StartsWith(method->name(), "List") || kUnpaged.contains(method->name())) continue;
    const auto require = [&](bool holds, const char* what) {
      breaches.Require(holds, method->full_name(), what);
    };
    const Descriptor& request = *method->input_type();
    const Descriptor& reply = *method->output_type();
    const FieldDescriptor* size = FieldOf(request, "page_size");
    const FieldDescriptor* first = reply.FindFieldByNumber(1);
    require(IsA(size, FieldDescriptor::TYPE_INT32), "has no page_size");
    require(size != nullptr && RuleOf(*size).has_min() && RuleOf(*size).min() == 0,
            "takes a negative page_size");
    require(IsText(FieldOf(request, "page_token")), "has no page_token");
    require(IsText(FieldOf(reply, "next_page_token")), "has no next_page_token");
    require(first != nullptr && first->is_repeated(), "does not list in field 1");
    require(absl::StrContains(CommentOf(*method), "page token"), "does not tell of page tokens");
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryList, AcrossBoroughsNamesTheUnreachable) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    const FieldDescriptor* parent = FieldOf(*method->input_type(), "parent");
    if (parent == nullptr || !RE2::FullMatch("boroughs/-", RuleOf(*parent).pattern())) continue;
    const FieldDescriptor* unreachable = FieldOf(*method->output_type(), "unreachable");
    breaches.Require(unreachable != nullptr && unreachable->is_repeated(), method->full_name(), "");
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryWatch, CanBeResumed) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    if (RuleOf(*method).kind() != options::KIND_WATCH) continue;
    const Descriptor& reply = *method->output_type();
    const FieldDescriptor* events = FieldOf(reply, "events");
    breaches.Require(events != nullptr && events->is_repeated(), method->full_name(), "events");
    breaches.Require(IsText(FieldOf(reply, "cursor")), method->full_name(), "cursor");
    breaches.Require(IsA(FieldOf(reply, "is_checkpoint"), FieldDescriptor::TYPE_BOOL),
                     method->full_name(), "is_checkpoint");
    breaches.Require(IsText(FieldOf(*method->input_type(), "start_cursor")), method->full_name(),
                     "start_cursor");
    for (const char* told : {"CURSOR_UNKNOWN", "UNAVAILABLE"}) {
      breaches.Require(absl::StrContains(CommentOf(*method), told), method->full_name(),
                       "does not tell of ", told);
    }
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryRequest, IsBounded) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    VisitInput(*method->input_type(), [&](const FieldDescriptor& field) {
      const FieldRule rule = RuleOf(field);
      const bool text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
      const bool listed = rule.resource_size() > 0;
      breaches.Require(!text || rule.max_len() > 0 || !rule.pattern().empty() || listed,
                       field.full_name(), "may be of any length");
      breaches.Require(!field.is_repeated() || rule.max_items() > 0, field.full_name(),
                       "may have any number of items");
    });
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryRequest, HasRulesThatCanBeChecked) {
  // Formats are registered by the service that uses them; here it matters that they are formats.
  const FormatCheck any = [](std::string_view) { return std::optional<std::string>(); };
  FormatRegistry formats;
  for (const auto* message : Contract::Get().messages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const std::string format = RuleOf(*message->field(i)).format();
      if (!format.empty()) formats[format] = any;
    }
  }
  const Validator validator(formats);
  for (const auto* method : Contract::Get().methods()) {
    const absl::Status prepared = validator.Prepare(*method->input_type());
    EXPECT_TRUE(prepared.ok()) << prepared;
  }
}

// Strings of requests that say nothing about a person. Whoever adds to this list is asked to think
// of what may be written into the field, for the log may show it.
const std::set<std::string> kNotPersonal = {
    "parent",
    "name",
    "etag",
    "duplicate_etag",
    "request_id",
    "page_token",
    "team",
    "rule",
    "ids",
    "start_cursor",
    "source_agency",
    "agency",
    "child_id",
    "threshold_level",
    "threshold_version",
    "sha256",
    "id",
    "type",
    "resource",
    "subject",
    "to_borough",
    "other_borough",
    "boroughs",
};

TEST(EveryRequest, ClassesItsTexts) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    VisitInput(*method->input_type(), [&](const FieldDescriptor& field) {
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
      const FieldRule rule = RuleOf(field);
      const bool classed = rule.class_() != options::DATA_CLASS_UNSPECIFIED;
      breaches.Require(classed || rule.resource_size() > 0 || kNotPersonal.contains(field.name()),
                       field.full_name(), "");
    });
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryRead, OfPersonalDataIsADisclosure) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    const MethodRule rule = RuleOf(*method);
    if (rule.kind() == options::KIND_WRITE) continue;  // accounted for by its journal row
    bool personal = false;
    std::set<const Descriptor*> seen;
    const std::function<void(const Descriptor&)> look = [&](const Descriptor& type) {
      if (!seen.insert(&type).second) return;
      for (int i = 0; i < type.field_count(); ++i) {
        personal |= RuleOf(*type.field(i)).class_() != options::DATA_CLASS_UNSPECIFIED;
        if (type.field(i)->message_type() != nullptr) look(*type.field(i)->message_type());
      }
    };
    look(*method->output_type());
    breaches.Require(personal == (rule.discloses() == options::DISCLOSES_PERSONAL_DATA),
                     method->full_name(), personal ? "shows personal data" : "shows none");
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

// "children" is the one collection whose singular is not made by rule.
std::string Singular(const std::string& collection) {
  return collection == "children" ? "child" : collection.substr(0, collection.size() - 1);
}

TEST(EveryField, ThatNamesAResourceSaysOfWhichCollection) {
  std::set<std::string> nouns;
  for (const auto* message : Contract::Get().messages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldRule rule = RuleOf(*message->field(i));
      for (const std::string& collection : rule.resource()) {
        nouns.insert(collection);
        nouns.insert(Singular(collection));
      }
    }
  }
  ASSERT_FALSE(nouns.empty());
  std::string words;
  for (const std::string& noun : nouns) absl::StrAppend(&words, words.empty() ? "" : "|", noun);
  const RE2 names(absl::StrCat("(?s)Names? of (the|an?|another) (", words, ")\\b.*"));
  Breaches breaches;
  for (const auto* message : Contract::Get().messages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& field = *message->field(i);
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
      if (!RE2::FullMatch(CommentOf(field), names)) continue;
      const FieldRule rule = RuleOf(field);
      const bool said = rule.resource_size() > 0 || absl::StartsWith(rule.pattern(), "boroughs/");
      breaches.Require(said, field.full_name(), "");
    }
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryEnum, StartsWithAValueThatMeansNothing) {
  Breaches breaches;
  for (const auto* type : Contract::Get().enums()) {
    const auto* zero = type->FindValueByNumber(0);
    breaches.Require(zero != nullptr && absl::EndsWith(zero->name(), "_UNSPECIFIED"),
                     type->full_name(), "");
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

TEST(EveryMethod, TellsItsErrors) {
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    const std::string comment = CommentOf(*method);
    breaches.Require(absl::StrContains(comment, "Errors:\n"), method->full_name(),
                     "lists no errors");
    breaches.Require(absl::StrContains(comment, "PERMISSION_DENIED"), method->full_name(),
                     "lists no PERMISSION_DENIED");
    const MethodRule rule = RuleOf(*method);
    if (rule.kind() != options::KIND_WRITE || rule.internal()) continue;
    breaches.Require(absl::StrContains(comment, "INVALID_ARGUMENT"), method->full_name(),
                     "lists no INVALID_ARGUMENT");
    breaches.Require(absl::StrContains(comment, "REQUEST_ID_REUSED"), method->full_name(),
                     "lists no REQUEST_ID_REUSED");
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

// Codes and reasons of a comment are checked against what there is, so that no spelling of its own
// gets into a partner's client.
TEST(EveryMethod, TellsErrorsThatExist) {
  const std::set<std::string> codes = {
      "INVALID_ARGUMENT", "PERMISSION_DENIED",  "ALREADY_EXISTS", "FAILED_PRECONDITION",
      "ABORTED",          "RESOURCE_EXHAUSTED", "OUT_OF_RANGE",   "UNAVAILABLE",
      "UNAUTHENTICATED",  "DEADLINE_EXCEEDED",
  };
  Breaches breaches;
  for (const auto* method : Contract::Get().methods()) {
    const std::string comment = CommentOf(*method);
    static const RE2 code("\n {1,4}([A-Z_]+)  ");
    static const RE2 reason("\\(reason\\s+([A-Z_]+)\\)");
    std::string word;
    for (re2::StringPiece rest = comment; RE2::FindAndConsume(&rest, code, &word);) {
      breaches.Require(codes.contains(word), method->full_name(), word);
    }
    for (re2::StringPiece rest = comment; RE2::FindAndConsume(&rest, reason, &word);) {
      safeguarding::errors::v1::ErrorReason known;
      breaches.Require(safeguarding::errors::v1::ErrorReason_Parse("ERROR_REASON_" + word, &known),
                       method->full_name(), word);
    }
  }
  EXPECT_THAT(breaches.all(), IsEmpty());
}

}  // namespace
}  // namespace lscp::tests

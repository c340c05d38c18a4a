#include "tests/contract/well_formed.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/observe/trace.h"
#include "common/validate/field_mask.h"
#include "re2/re2.h"

namespace lscp::tests {
namespace {

using google::protobuf::Reflection;

bool IsDate(const FieldDescriptor& field) {
  return field.message_type() != nullptr && field.message_type()->full_name() == "google.type.Date";
}

bool IsTime(const FieldDescriptor& field) {
  return field.message_type() != nullptr &&
         field.message_type()->full_name() == "google.protobuf.Timestamp";
}

bool IsText(const FieldDescriptor& field) { return field.type() == FieldDescriptor::TYPE_STRING; }

bool IsNumber(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
}

// The message at a field; of a list its only element.
Message& Part(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) return *reflection.MutableMessage(&message, &field);
  if (reflection.FieldSize(message, &field) == 0) reflection.AddMessage(&message, &field);
  return *reflection.MutableRepeatedMessage(&message, &field, 0);
}

void SetNumber(Message& message, const std::string& name, int64_t value) {
  const FieldDescriptor& field = *message.GetDescriptor()->FindFieldByName(name);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    message.GetReflection()->SetInt64(&message, &field, value);
  } else {
    message.GetReflection()->SetInt32(&message, &field, static_cast<int32_t>(value));
  }
}

void SetDate(Message& date, int year, int month, int day) {
  SetNumber(date, "year", year);
  SetNumber(date, "month", month);
  SetNumber(date, "day", day);
}

void SetText(Message& message, const FieldDescriptor& field, const std::string& text) {
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) return reflection.SetString(&message, &field, text);
  reflection.ClearField(&message, &field);
  reflection.AddString(&message, &field, text);
}

void SetEnum(Message& message, const FieldDescriptor& field, int number) {
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) return reflection.SetEnumValue(&message, &field, number);
  reflection.ClearField(&message, &field);
  reflection.AddEnumValue(&message, &field, number);
}

std::string Uuid() {
  return absl::StrFormat("%08x-0000-4000-8000-%012x", RandomBits() >> 32, RandomBits() >> 16);
}

std::string TextOf(const FieldDescriptor& field, const std::string& borough) {
  const FieldRule rule = RuleOf(field);
  const std::string name = absl::StrCat("boroughs/", borough);
  if (rule.resource_size() > 0) return absl::StrCat(name, "/", rule.resource(0), "/none");
  if (rule.pattern().empty()) return std::string(std::max<size_t>(rule.min_len(), 3), 'x');
  for (const std::string& candidate :
       {name, absl::StrCat(name, "/things/none"), std::string("boroughs/-"), std::string("1"),
        std::string("\"1\""), Uuid(), std::string("https://files.example/1"),
        std::string("invented/barnet/1"), std::string("E09000003"), std::string(64, 'a')}) {
    if (RE2::FullMatch(candidate, rule.pattern())) return candidate;
  }
  std::fprintf(stderr, "no example for %s\n", field.full_name().c_str());
  std::abort();
}

void Fill(Message& message, const std::string& borough);

// An allowed value; of a list one element.
void FillField(Message& message, const FieldDescriptor& field, const std::string& borough) {
  if (IsText(field)) {
    SetText(message, field, TextOf(field, borough));
  } else if (field.enum_type() != nullptr) {
    SetEnum(message, field, field.enum_type()->value(1)->number());
  } else if (IsNumber(field)) {
    SetNumber(message, field.name(), RuleOf(field).min());
  } else if (IsDate(field)) {
    SetDate(Part(message, field), RuleOf(field).not_in_past() ? 2100 : 2020, 2, 3);
  } else if (IsTime(field)) {
    SetNumber(Part(message, field), "seconds", RuleOf(field).not_in_past() ? 4'000'000'000 : 1);
  } else if (field.message_type() != nullptr) {
    Fill(Part(message, field), borough);
  }
}

void Fill(Message& message, const std::string& borough) {
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (RuleOf(field).required() && !IsOutputOnly(field)) FillField(message, field, borough);
  }
}

// Walks a request and spoils it here and there; puts everything back.
class Spoiler {
 public:
  Spoiler(Message& request, const std::function<void(const Spoiled&)>& give)
      : request_(request), give_(give) {}

  // `in_patch`: inside the new values of an update, where nothing is required.
  void Walk(Message& message, const std::string& prefix, bool in_patch) {
    const Descriptor& type = *message.GetDescriptor();
    const FieldDescriptor* patch = PatchFieldOf(type);
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (IsOutputOnly(field)) continue;
      const std::unique_ptr<Message> before(message.New());
      before->CopyFrom(message);
      const std::string path = prefix + field.name();
      SpoilField(message, *before, field, path, in_patch);
      if (field.message_type() != nullptr && IsOurs(*field.message_type())) {
        if (!IsSet(message, field)) FillField(message, field, "barnet");
        Walk(Part(message, field), absl::StrCat(path, field.is_repeated() ? "[0]." : "."),
             in_patch || &field == patch);
        message.CopyFrom(*before);
      }
    }
  }

 private:
  static bool IsSet(const Message& message, const FieldDescriptor& field) {
    return field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) > 0
                               : message.GetReflection()->HasField(message, &field);
  }

  template <typename Change>
  void Give(Message& message, const Message& before, const std::string& path, const char* how,
            const Change& change) {
    change();
    give_({absl::StrCat(path, " ", how), path, request_});
    message.CopyFrom(before);
  }

  void SpoilField(Message& message, const Message& before, const FieldDescriptor& field,
                  const std::string& path, bool in_patch) {
    const FieldRule rule = RuleOf(field);
    const std::string value = path + (field.is_repeated() ? "[0]" : "");
    if (rule.required() && !in_patch) {
      Give(message, before, path, "is missing",
           [&] { message.GetReflection()->ClearField(&message, &field); });
    }
    if (rule.max_items() > 0) {
      Give(message, before, path, "has too many items", [&] { TooMany(message, field); });
    }
    if (IsText(field)) SpoilText(message, before, field, value);
    if (field.enum_type() != nullptr) {
      Give(message, before, value, "is an unknown code", [&] { SetEnum(message, field, 9999); });
    }
    if (rule.has_min() && !field.is_repeated()) {
      Give(message, before, value, "is too small",
           [&] { SetNumber(message, field.name(), rule.min() - 1); });
    }
    if (rule.has_max() && !field.is_repeated()) {
      Give(message, before, value, "is too large",
           [&] { SetNumber(message, field.name(), rule.max() + 1); });
    }
    if (IsDate(field)) SpoilDate(message, before, field, value);
    if (IsTime(field)) SpoilTime(message, before, field, value);
  }

  static void TooMany(Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    FillField(message, field, "barnet");
    for (uint32_t i = 0; i < RuleOf(field).max_items(); ++i) {
      if (IsText(field)) {
        reflection.AddString(&message, &field, reflection.GetRepeatedString(message, &field, 0));
      } else if (field.enum_type() != nullptr) {
        reflection.AddEnumValue(&message, &field, field.enum_type()->value(1)->number());
      } else {
        reflection.AddMessage(&message, &field)
            ->CopyFrom(reflection.GetRepeatedMessage(message, &field, 0));
      }
    }
  }

  void SpoilText(Message& message, const Message& before, const FieldDescriptor& field,
                 const std::string& path) {
    const FieldRule rule = RuleOf(field);
    if (rule.max_len() > 0) {
      Give(message, before, path, "is too long",
           [&] { SetText(message, field, std::string(rule.max_len() + 1, 'x')); });
    }
    // No pattern, format or name holds a line feed.
    if (!rule.pattern().empty() || !rule.format().empty() || rule.resource_size() > 0) {
      Give(message, before, path, "is malformed", [&] { SetText(message, field, "\n"); });
    }
    if (rule.resource_size() > 0) {
      Give(message, before, path, "names a record of another kind",
           [&] { SetText(message, field, "boroughs/barnet/somethings/none"); });
    }
  }

  void SpoilDate(Message& message, const Message& before, const FieldDescriptor& field,
                 const std::string& path) {
    Give(message, before, path, "does not exist",
         [&] { SetDate(Part(message, field), 2023, 2, 29); });
    Give(message, before, path, "is no whole date",
         [&] { SetDate(Part(message, field), 2023, 2, 0); });
    if (RuleOf(field).not_in_future()) {
      Give(message, before, path, "lies in the future",
           [&] { SetDate(Part(message, field), 2999, 1, 1); });
    }
    if (RuleOf(field).not_in_past()) {
      Give(message, before, path, "lies in the past",
           [&] { SetDate(Part(message, field), 2020, 1, 1); });
    }
  }

  void SpoilTime(Message& message, const Message& before, const FieldDescriptor& field,
                 const std::string& path) {
    Give(message, before, path, "is out of range",
         [&] { SetNumber(Part(message, field), "seconds", 300'000'000'000); });
    if (RuleOf(field).not_in_future()) {
      Give(message, before, path, "lies in the future",
           [&] { SetNumber(Part(message, field), "seconds", 32'000'000'000); });
    }
    if (RuleOf(field).not_in_past()) {
      Give(message, before, path, "lies in the past",
           [&] { SetNumber(Part(message, field), "seconds", 1); });
    }
  }

  Message& request_;
  const std::function<void(const Spoiled&)>& give_;
};

}  // namespace

std::unique_ptr<Message> WellFormed(const MethodDescriptor& method, const std::string& borough) {
  auto request = Contract::Get().NewRequest(method);
  Fill(*request, borough);
  // The name of the record inside a patch, which the record's own type does not require.
  const std::string scope = RuleOf(method).scope();
  if (const size_t dot = scope.find('.'); dot != std::string::npos) {
    Message& patch =
        Part(*request, *request->GetDescriptor()->FindFieldByName(scope.substr(0, dot)));
    FillField(patch, *patch.GetDescriptor()->FindFieldByName(scope.substr(dot + 1)), borough);
  }
  return request;
}

void ForEachSpoiled(Message& request, const std::function<void(const Spoiled&)>& give) {
  Spoiler(request, give).Walk(request, "", false);
}

}  // namespace lscp::tests

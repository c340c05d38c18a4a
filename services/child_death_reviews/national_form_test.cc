#include "child_death_reviews/national_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lscp::child_death_reviews {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Fills in every field with something, and the records within it.
void FillAll(Message& message) {
  const auto& reflection = *message.GetReflection();
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const bool many = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        many ? reflection.AddString(&message, field, "Invented")
             : reflection.SetString(&message, field, "Invented");
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        many ? reflection.AddEnumValue(&message, field, 1)
             : reflection.SetEnumValue(&message, field, 1);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        if (!many) reflection.SetBool(&message, field, true);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        // A day of March 2025 where it is part of a date.
        if (!many) {
          const bool year = type->full_name() == "google.type.Date" && field->name() == "year";
          reflection.SetInt32(&message, field, year ? 2025 : 3);
        }
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        if (!many) reflection.SetInt64(&message, field, 1'740'830'400);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        FillAll(many ? *reflection.AddMessage(&message, field)
                     : *reflection.MutableMessage(&message, field));
        break;
      default:
        break;
    }
  }
}

NationalSources Everything() {
  NationalSources sources;
  FillAll(sources.review);
  FillAll(sources.notification);
  FillAll(sources.joint_response);
  FillAll(sources.family_support);
  return sources;
}

const Descriptor* TypeOf(const std::string& record) {
  static const auto& types = *new std::map<std::string, const Descriptor*>{
      {"particulars", pb::Particulars::descriptor()},
      {"notification", pb::DeathNotification::descriptor()},
      {"joint_response", pb::JointResponse::descriptor()},
      {"family_support", pb::FamilySupport::descriptor()},
      {"review", pb::DeathReview::descriptor()}};
  const auto type = types.find(record);
  return type == types.end() ? nullptr : type->second;
}

std::set<std::string> Ids() {
  std::set<std::string> ids;
  for (const NationalQuestion& question : NationalQuestions()) ids.insert(question.id);
  return ids;
}

TEST(NationalForm, AsksForWhatThereIs) {
  for (const NationalQuestion& question : NationalQuestions()) {
    const std::vector<std::string> path = absl::StrSplit(question.id, '.');
    const Descriptor* type = TypeOf(path[0]);
    for (size_t i = 1; i < path.size(); ++i) {
      ASSERT_NE(type, nullptr) << question.id;
      const FieldDescriptor* field = type->FindFieldByName(path[i]);
      ASSERT_NE(field, nullptr) << question.id;
      EXPECT_TRUE(i + 1 == path.size() || !field->is_repeated()) << question.id;
      type = field->message_type();
    }
  }
  EXPECT_EQ(Ids().size(), NationalQuestions().size());  // nothing twice
}

TEST(NationalForm, HasTheSectionsOfTheNotificationInTheirOrder) {
  std::vector<std::string> titles;
  const pb::NationalForm form = FillNationalForm({});
  for (const auto& section : form.sections()) titles.push_back(section.title());
  EXPECT_THAT(titles,
              ElementsAre("The child", "Where the child lived", "Family and household", "The death",
                          "Circumstances", "Who notifies", "What was done at once",
                          "Coroner and registration", "Support of the family", "The review"));
}

// A field that is added to the particulars is on the form, or somebody has said why not.
TEST(NationalForm, CarriesEveryFieldOfTheParticularsAndOfWhoNotifies) {
  const std::set<std::string> ids = Ids();
  const Descriptor* particulars = pb::Particulars::descriptor();
  for (int i = 0; i < particulars->field_count(); ++i) {
    const std::string& name = particulars->field(i)->name();
    if (name == "child") continue;  // a name within this suite
    EXPECT_TRUE(ids.contains("particulars." + name)) << name;
  }
  const std::set<std::string> ours = {"name",         "etag",           "particulars",
                                      "death_review", "contradictions", "create_time",
                                      "update_time"};
  const Descriptor* notification = pb::DeathNotification::descriptor();
  for (int i = 0; i < notification->field_count(); ++i) {
    const std::string& name = notification->field(i)->name();
    EXPECT_TRUE(ours.contains(name) || ids.contains("notification." + name)) << name;
  }
}

TEST(NationalForm, AnswersEveryQuestionOfEverySectionWhenAllIsKnown) {
  const pb::NationalForm form = FillNationalForm(Everything());
  for (const auto& section : form.sections()) {
    for (const pb::NationalFormItem& item : section.items()) {
      EXPECT_EQ(item.answers_size(), 1) << section.title() << ": " << item.question();
      for (const std::string& answer : item.answers()) EXPECT_FALSE(answer.empty()) << item.id();
    }
  }
}

TEST(NationalForm, LeavesOpenWhatNobodyKnows) {
  const pb::NationalForm form = FillNationalForm({});
  for (const auto& section : form.sections()) {
    for (const pb::NationalFormItem& item : section.items()) {
      EXPECT_THAT(item.answers(), IsEmpty()) << item.id();
    }
  }
}

TEST(NationalForm, WritesDaysTimesAndCodesAsPeopleReadThem) {
  const pb::NationalForm form = FillNationalForm(Everything());
  std::map<std::string, std::string> answers;
  for (const auto& section : form.sections()) {
    for (const auto& item : section.items()) answers[item.id()] = item.answers(0);
  }
  EXPECT_EQ(answers["particulars.birth_date"], "2025-03-03");
  EXPECT_EQ(answers["particulars.death_time"], "2025-03-01T12:00:00+00:00");
  EXPECT_EQ(answers["particulars.sex"], "Male");
  EXPECT_EQ(answers["particulars.ethnicity"], "White British");
  EXPECT_EQ(answers["particulars.gestation_weeks"], "3");
  EXPECT_EQ(answers["particulars.siblings"], "Invented, Invented, 2025-03-03");
  EXPECT_EQ(answers["notification.kind"], "HOSPITAL");
}

}  // namespace
}  // namespace lscp::child_death_reviews

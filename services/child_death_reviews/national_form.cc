#include "child_death_reviews/national_form.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/time/convert.h"
#include "common/workflow/transition.h"
#include "google/type/date.pb.h"
#include "safeguarding/options/v1/options.pb.h"

namespace lscp::child_death_reviews {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr char kChild[] = "The child";
constexpr char kHome[] = "Where the child lived";
constexpr char kFamily[] = "Family and household";
constexpr char kDeath[] = "The death";
constexpr char kCircumstances[] = "Circumstances";
constexpr char kNotifier[] = "Who notifies";
constexpr char kResponse[] = "What was done at once";
constexpr char kCoroner[] = "Coroner and registration";
constexpr char kSupport[] = "Support of the family";
constexpr char kReview[] = "The review";

// Child Death Review: statutory and operational guidance (2018): the notification form, and what
// the national database is told of the review as it goes on.
constexpr NationalQuestion kQuestions[] = {
    {kChild, "Given name", "particulars.given_name"},
    {kChild, "Family name", "particulars.family_name"},
    {kChild, "Other names", "particulars.other_names"},
    {kChild, "NHS number", "particulars.nhs_number"},
    {kChild, "Date of birth", "particulars.birth_date"},
    {kChild, "How the child was born", "particulars.birth"},
    {kChild, "Weeks of gestation at birth", "particulars.gestation_weeks"},
    {kChild, "Sex", "particulars.sex"},
    {kChild, "Ethnicity", "particulars.ethnicity"},
    {kHome, "Address", "particulars.address"},
    {kHome, "Postcode", "particulars.postcode"},
    {kHome, "Local authority", "particulars.residence_area"},
    {kHome, "General practice", "particulars.general_practice"},
    {kHome, "School, college or nursery", "particulars.school"},
    {kFamily, "Parents and carers", "particulars.parents"},
    {kFamily, "Other children", "particulars.siblings"},
    {kDeath, "Date of death", "particulars.death_date"},
    {kDeath, "Time of death", "particulars.death_time"},
    {kDeath, "Kind of place", "particulars.death_place_kind"},
    {kDeath, "Place", "particulars.death_place"},
    {kDeath, "Local authority in which the child died", "particulars.death_area"},
    {kDeath, "Expected or unexpected", "particulars.expectedness"},
    {kCircumstances, "What happened", "particulars.circumstances"},
    {kCircumstances, "Suspected cause", "particulars.suspected_cause"},
    {kNotifier, "Agency", "notification.agency"},
    {kNotifier, "Kind of agency", "notification.kind"},
    {kNotifier, "Name", "notification.notifier"},
    {kNotifier, "Contact", "notification.notifier_contact"},
    {kNotifier, "Reference", "notification.agency_reference"},
    {kNotifier, "Area that handed the review over", "notification.from_area"},
    {kNotifier, "Notified on", "notification.notice_time"},
    {kResponse, "Joint agency response", "joint_response.state"},
    {kResponse, "Criteria", "joint_response.criteria"},
    {kResponse, "Planning meeting held on", "joint_response.planning_meeting.hold_time"},
    {kResponse, "Agencies at the planning meeting", "joint_response.planning_meeting.responders"},
    {kResponse, "Visits", "joint_response.visits"},
    {kCoroner, "Coroner told on", "joint_response.coroner.refer_date"},
    {kCoroner, "Coroner's officer", "joint_response.coroner.officer"},
    {kCoroner, "Coroner's reference", "joint_response.coroner.reference"},
    {kCoroner, "Post-mortem examination on", "joint_response.coroner.post_mortem_date"},
    {kCoroner, "Inquest opened on", "joint_response.coroner.inquest_open_date"},
    {kCoroner, "Coroner's conclusion", "joint_response.coroner.conclusion"},
    {kCoroner, "Registered on", "joint_response.registration.register_date"},
    {kCoroner, "Registration district", "joint_response.registration.district"},
    {kCoroner, "Registered cause", "joint_response.registration.registered_cause"},
    {kSupport, "Key worker", "family_support.key_worker.person"},
    {kSupport, "Key worker's role", "family_support.key_worker.role"},
    {kSupport, "Offered to the family", "family_support.offers"},
    {kReview, "Who answers for the review", "review.coordinator"},
    {kReview, "National reference", "review.national_reference"},
    {kReview, "Reviewed on", "review.outcome.review_date"},
    {kReview, "Category", "review.outcome.category"},
    {kReview, "Modifiable factors", "review.outcome.modifiability"},
    {kReview, "Theme of the panel", "review.outcome.theme"},
    {kReview, "Completed on", "review.complete_time"},
};

std::string TextOf(const Message& message, const FieldDescriptor* field, int index);

// The title of the code set where it has one.
std::string NameOf(const EnumValueDescriptor* value) {
  if (value->number() == 0) return "";
  const std::string& title = value->options().GetExtension(safeguarding::options::v1::code).title();
  return title.empty() ? workflow::StateName(*value->type(), value->number()) : title;
}

std::vector<std::string> AnswersOf(const Message& message, const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<std::string> answers;
  const int size = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
  for (int i = 0; i < size; ++i) {
    std::string text = TextOf(message, field, field->is_repeated() ? i : -1);
    if (!text.empty()) answers.push_back(std::move(text));
  }
  return answers;
}

// A record within a record: what it holds, in the order of its fields.
std::string TextOf(const Message& message) {
  if (const auto* date = dynamic_cast<const google::type::Date*>(&message)) {
    const auto day = ProtoToDate(*date);
    return day ? absl::FormatCivilTime(*day) : "";
  }
  if (const auto* timestamp = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
    const auto time = ProtoToTime(*timestamp);
    return time ? absl::FormatTime(absl::RFC3339_sec, *time, absl::UTCTimeZone()) : "";
  }
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::vector<std::string> texts;
  for (const FieldDescriptor* field : fields) {
    for (std::string& text : AnswersOf(message, field)) texts.push_back(std::move(text));
  }
  return absl::StrJoin(texts, ", ");
}

// One value; of a field that is not repeated, index -1. Empty when it is not known.
std::string TextOf(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection& reflection = *message.GetReflection();
  const bool one = index < 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return one ? reflection.GetString(message, field)
                 : reflection.GetRepeatedString(message, field, index);
    case FieldDescriptor::CPPTYPE_ENUM:
      return NameOf(one ? reflection.GetEnum(message, field)
                        : reflection.GetRepeatedEnum(message, field, index));
    case FieldDescriptor::CPPTYPE_INT32: {
      const int32_t number = one ? reflection.GetInt32(message, field)
                                 : reflection.GetRepeatedInt32(message, field, index);
      return number == 0 ? "" : absl::StrCat(number);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!one) return TextOf(reflection.GetRepeatedMessage(message, field, index));
      return reflection.HasField(message, field) ? TextOf(reflection.GetMessage(message, field))
                                                 : "";
    default:
      return "";
  }
}

const Message* SourceOf(const NationalSources& sources, std::string_view record) {
  if (record == "particulars") return &sources.review.particulars();
  if (record == "notification") return &sources.notification;
  if (record == "joint_response") return &sources.joint_response;
  if (record == "family_support") return &sources.family_support;
  return &sources.review;
}

std::vector<std::string> Answer(const NationalSources& sources, const char* id) {
  const std::vector<std::string> path = absl::StrSplit(id, '.');
  const Message* message = SourceOf(sources, path.front());
  for (size_t i = 1; i + 1 < path.size(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(path[i]);
    message = &message->GetReflection()->GetMessage(*message, field);
  }
  return AnswersOf(*message, message->GetDescriptor()->FindFieldByName(path.back()));
}

}  // namespace

std::span<const NationalQuestion> NationalQuestions() { return kQuestions; }

pb::NationalForm FillNationalForm(const NationalSources& sources) {
  pb::NationalForm form;
  form.set_death_review(sources.review.name());
  for (const NationalQuestion& question : kQuestions) {
    if (form.sections().empty() || form.sections().rbegin()->title() != question.section) {
      form.add_sections()->set_title(question.section);
    }
    pb::NationalFormItem& item = *form.mutable_sections()->rbegin()->add_items();
    item.set_id(question.id);
    item.set_question(question.question);
    for (std::string& answer : Answer(sources, question.id)) item.add_answers(std::move(answer));
  }
  return form;
}

}  // namespace lscp::child_death_reviews

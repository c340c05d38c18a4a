#include "gateway/client/commands.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/observe/trace.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/time/london.h"
#include "gateway/client/reflected.h"
#include "gateway/client/render.h"
#include "google/protobuf/util/json_util.h"
#include "safeguarding/audit/v1/audit_service.pb.h"
#include "safeguarding/indicators/v1/indicators_service.pb.h"
#include "safeguarding/referrals/v1/contacts_service.pb.h"
#include "safeguarding/timescales/v1/timescales_service.pb.h"

namespace lscp::client {
namespace {

namespace referrals = safeguarding::referrals::v1;
using google::protobuf::Message;

constexpr char kContacts[] = "/safeguarding.referrals.v1.ContactsService/";
constexpr char kIndicators[] = "/safeguarding.indicators.v1.IndicatorsService/";

absl::StatusOr<std::string> ReadInput(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(file);
  if (!in) return InvalidField("FILE", absl::StrCat("'", file, "' cannot be read"));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

absl::Status ParseJson(const std::string& json, Message* message) {
  const auto status = google::protobuf::util::JsonStringToMessage(json, message);
  if (status.ok()) return absl::OkStatus();
  return InvalidField("JSON", absl::StrCat("is not a ", message->GetTypeName(), ": ",
                                           std::string(status.message())));
}

std::string NewRequestId() {
  const uint64_t high = RandomBits();
  const uint64_t low = RandomBits();
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", high >> 32, (high >> 16) & 0xffff,
                         high & 0xfff, 0x8000 | (low >> 48 & 0x3fff), low & 0xffffffffffff);
}

absl::StatusOr<std::string> Borough(const Invocation& invocation) {
  const std::string borough = invocation.Get("--borough", "LSCP_BOROUGH");
  if (borough.empty()) return InvalidField("--borough", "is required (or LSCP_BOROUGH)");
  return borough;
}

Headers HeadersFor(const std::string& borough, const std::string& service = "") {
  Headers headers = {{"lscp-borough", borough}};
  if (!service.empty()) headers["lscp-service"] = service;
  return headers;
}

std::string ServiceOf(const Invocation& invocation) {
  const std::string service = invocation.Get("--service");
  return service.empty() ? "referrals" : service;
}

// All pages of a list, as one reply.
template <typename Reply, typename Request>
absl::StatusOr<Reply> CallPages(Invocation& invocation, const std::string& path, Request request,
                                const Headers& headers) {
  request.set_page_size(500);
  Reply all;
  do {
    Reply page;
    RETURN_IF_ERROR(invocation.channel->Call(path, request, headers, &page));
    request.set_page_token(page.next_page_token());
    page.clear_next_page_token();
    all.MergeFrom(page);
  } while (!request.page_token().empty());
  return all;
}

// Shows a reply: JSON if asked, else what `human` prints.
absl::Status Show(Invocation& invocation, const Message& reply,
                  const std::function<void()>& human) {
  if (invocation.Has("--json")) return PrintJson(reply, *invocation.out);
  human();
  return absl::OkStatus();
}

const std::vector<ColumnSpec> kReferralFields = {{"Name", "name"},
                                                 {"Your reference", "sender_reference"},
                                                 {"State", "state"},
                                                 {"Received", "receive_time"},
                                                 {"Acknowledged", "acknowledge_time"},
                                                 {"Decision due", "decision_due_time"},
                                                 {"Decided", "decide_time"},
                                                 {"Outcome", "outcome"},
                                                 {"Feedback", "feedback"}};

absl::Status SubmitReferral(Invocation& invocation) {
  ASSIGN_OR_RETURN(const std::string borough, Borough(invocation));
  ASSIGN_OR_RETURN(const std::string json, ReadInput(invocation.arguments[0]));
  referrals::SubmitContactRequest request;
  RETURN_IF_ERROR(ParseJson(json, &request));
  if (request.parent().empty()) request.set_parent("boroughs/" + borough);
  if (request.request_id().empty()) request.set_request_id(NewRequestId());
  request.set_validate_only(request.validate_only() || invocation.Has("--validate-only"));
  referrals::SubmitContactResponse reply;
  RETURN_IF_ERROR(invocation.channel->Call(absl::StrCat(kContacts, "SubmitContact"), request,
                                           HeadersFor(borough), &reply));
  if (request.validate_only()) std::cerr << "checked only: nothing was sent\n";
  return Show(invocation, reply,
              [&] { PrintRecord(reply.referral(), kReferralFields, *invocation.out); });
}

absl::Status ListReferrals(Invocation& invocation) {
  ASSIGN_OR_RETURN(const std::string borough, Borough(invocation));
  referrals::ListMyReferralsRequest request;
  request.set_parent("boroughs/" + borough);
  ASSIGN_OR_RETURN(const auto all, CallPages<referrals::ListMyReferralsResponse>(
                                       invocation, absl::StrCat(kContacts, "ListMyReferrals"),
                                       request, HeadersFor(borough)));
  return Show(invocation, all, [&] {
    PrintTable(all, "referrals",
               {{"NAME", "name"},
                {"YOUR REFERENCE", "sender_reference"},
                {"STATE", "state"},
                {"RECEIVED", "receive_time"},
                {"DECISION DUE", "decision_due_time"},
                {"OUTCOME", "outcome"}},
               *invocation.out);
  });
}

// The borough of a resource's name, so that nobody has to say it twice.
std::string BoroughOfName(const std::string& name) {
  const size_t begin = name.find('/') + 1;
  return name.substr(begin, name.find('/', begin) - begin);
}

absl::Status ShowReferral(Invocation& invocation) {
  referrals::GetMyReferralRequest request;
  request.set_name(invocation.arguments[0]);
  referrals::GetMyReferralResponse reply;
  RETURN_IF_ERROR(invocation.channel->Call(absl::StrCat(kContacts, "GetMyReferral"), request,
                                           HeadersFor(BoroughOfName(request.name())), &reply));
  return Show(invocation, reply,
              [&] { PrintRecord(reply.referral(), kReferralFields, *invocation.out); });
}

absl::Status WatchReferrals(Invocation& invocation) {
  ASSIGN_OR_RETURN(const std::string borough, Borough(invocation));
  referrals::WatchMyReferralsRequest request;
  request.set_parent("boroughs/" + borough);
  request.set_start_cursor(invocation.Get("--cursor"));
  std::ostream& out = *invocation.out;
  // It may be long until there is something to say.
  std::cerr << "watching what becomes of referrals to " << borough << "; interrupt to end\n";
  return invocation.channel->Stream(
      absl::StrCat(kContacts, "WatchMyReferrals"), request.SerializeAsString(), HeadersFor(borough),
      [&](const std::string& bytes) {
        referrals::WatchMyReferralsResponse reply;
        if (!reply.ParseFromString(bytes)) return false;
        if (invocation.Has("--json")) return PrintJson(reply, out).ok() && out.flush().good();
        for (const auto& event : reply.events()) {
          out << HumanValue(event, "time") << "  " << HumanValue(event, "change") << "  "
              << event.referral().name() << "  " << HumanValue(event, "referral.state") << "  "
              << HumanValue(event, "referral.outcome") << "\n";
        }
        return out.flush().good();
      });
}

absl::Status ListTimescales(Invocation& invocation) {
  namespace timescales = safeguarding::timescales::v1;
  ASSIGN_OR_RETURN(const std::string borough, Borough(invocation));
  timescales::ListTimescalesRequest request;
  request.set_parent("boroughs/" + borough);
  request.set_rule(invocation.Get("--rule"));
  request.set_team(invocation.Get("--team"));
  request.set_mine(invocation.Has("--mine"));
  request.set_overdue(invocation.Has("--overdue"));
  ASSIGN_OR_RETURN(const auto reply,
                   CallPages<timescales::ListTimescalesResponse>(
                       invocation, "/safeguarding.timescales.v1.TimescalesService/ListTimescales",
                       request, HeadersFor(borough, ServiceOf(invocation))));
  return Show(invocation, reply, [&] {
    PrintTable(reply, "timescales",
               {{"DUE", "due_time"},
                {"STATE", "state"},
                {"RULE", "rule"},
                {"SUBJECT", "subject"},
                {"TEAM", "team"},
                {"OWNER", "owner"}},
               *invocation.out);
  });
}

absl::Status SetDate(const Invocation& invocation, const char* option, absl::CivilDay otherwise,
                     google::type::Date* date) {
  auto year = static_cast<int>(otherwise.year());
  int month = otherwise.month();
  int day = otherwise.day();
  if (invocation.Has(option) &&
      std::sscanf(invocation.Get(option).c_str(), "%4d-%2d-%2d", &year, &month, &day) != 3) {
    return InvalidField(option, "is a date, YYYY-MM-DD");
  }
  date->set_year(year);
  date->set_month(month);
  date->set_day(day);
  return absl::OkStatus();
}

// The figure in its indicator's unit; "-" where there is nothing to divide by.
std::string FigureInUnit(const safeguarding::indicators::v1::Figure& figure,
                         safeguarding::indicators::v1::IndicatorDefinition::Unit unit) {
  using safeguarding::indicators::v1::IndicatorDefinition;
  if (unit == IndicatorDefinition::UNIT_COUNT) return absl::StrCat(figure.numerator());
  if (figure.denominator() == 0) return "-";
  const double ratio =
      static_cast<double>(figure.numerator()) / static_cast<double>(figure.denominator());
  return unit == IndicatorDefinition::UNIT_PERCENT ? absl::StrFormat("%.1f %%", ratio * 100)
                                                   : absl::StrFormat("%.2f", ratio);
}

void PrintIndicators(const safeguarding::indicators::v1::GetIndicatorsResponse& figures,
                     const safeguarding::indicators::v1::ListIndicatorDefinitionsResponse& known,
                     std::ostream& out) {
  std::vector<std::vector<std::string>> rows = {{"INDICATOR", "VALUE", "OF", "TITLE"}};
  for (const auto& indicator : figures.indicators()) {
    const auto definition = std::find_if(known.definitions().begin(), known.definitions().end(),
                                         [&](const auto& d) { return d.id() == indicator.id(); });
    if (definition == known.definitions().end()) continue;
    const auto& total = indicator.total();
    const bool is_count = definition->denominator().empty();
    rows.push_back({indicator.id(), FigureInUnit(total, definition->unit()),
                    is_count ? "" : absl::StrCat(total.numerator(), "/", total.denominator()),
                    definition->title()});
  }
  PrintRows(rows, out);
}

absl::Status GetIndicators(Invocation& invocation) {
  namespace indicators = safeguarding::indicators::v1;
  ASSIGN_OR_RETURN(const std::string borough, Borough(invocation));
  indicators::GetIndicatorsRequest request;
  request.set_parent("boroughs/" + borough);
  const absl::CivilDay today = LondonDay(absl::Now());
  const absl::CivilDay first(today.year(), today.month());
  RETURN_IF_ERROR(SetDate(invocation, "--from", first, request.mutable_start_date()));
  RETURN_IF_ERROR(SetDate(invocation, "--to", today, request.mutable_end_date()));
  const Headers headers = HeadersFor(borough, ServiceOf(invocation));
  indicators::GetIndicatorsResponse reply;
  RETURN_IF_ERROR(invocation.channel->Call(absl::StrCat(kIndicators, "GetIndicators"), request,
                                           headers, &reply));
  if (invocation.Has("--json")) return PrintJson(reply, *invocation.out);
  indicators::ListIndicatorDefinitionsRequest definitions_request;
  definitions_request.set_parent(request.parent());
  indicators::ListIndicatorDefinitionsResponse definitions;
  RETURN_IF_ERROR(invocation.channel->Call(absl::StrCat(kIndicators, "ListIndicatorDefinitions"),
                                           definitions_request, headers, &definitions));
  PrintIndicators(reply, definitions, *invocation.out);
  return absl::OkStatus();
}

absl::Status VerifyAudit(Invocation& invocation) {
  namespace audit = safeguarding::audit::v1;
  ASSIGN_OR_RETURN(const std::string borough, Borough(invocation));
  audit::VerifyAuditRequest request;
  request.set_parent("boroughs/" + borough);
  audit::VerifyAuditResponse reply;
  RETURN_IF_ERROR(invocation.channel->Call("/safeguarding.audit.v1.AuditService/VerifyAudit",
                                           request, HeadersFor(borough, ServiceOf(invocation)),
                                           &reply));
  RETURN_IF_ERROR(Show(invocation, reply, [&] {
    PrintTable(reply, "chains",
               {{"ACCOUNT", "account"},
                {"VERIFIED", "verified"},
                {"UNSEALED", "unsealed"},
                {"FIRST BROKEN", "first_broken_position"},
                {"PROBLEM", "problem"},
                {"HEAD", "head_hash"}},
               *invocation.out);
  }));
  for (const auto& chain : reply.chains()) {
    if (chain.first_broken_position() != 0 || chain.unsealed() != 0) {
      return absl::DataLossError("the audit does not verify");
    }
  }
  return absl::OkStatus();
}

absl::Status ListAudit(Invocation& invocation) {
  namespace audit = safeguarding::audit::v1;
  audit::ListAuditEntriesRequest request;
  request.set_name(invocation.arguments[0]);
  ASSIGN_OR_RETURN(const auto reply,
                   CallPages<audit::ListAuditEntriesResponse>(
                       invocation, "/safeguarding.audit.v1.AuditService/ListAuditEntries", request,
                       HeadersFor(BoroughOfName(request.name()), ServiceOf(invocation))));
  return Show(invocation, reply, [&] {
    PrintTable(reply, "entries",
               {{"TIME", "time"},
                {"ACCOUNT", "account"},
                {"POSITION", "position"},
                {"AGENCY", "agency"},
                {"PERSON", "person"},
                {"METHOD", "method"},
                {"PURPOSE", "purpose"}},
               *invocation.out);
  });
}

absl::Status CallMethod(Invocation& invocation) {
  Reflected reflected(invocation.channel);
  ASSIGN_OR_RETURN(const auto* method, reflected.FindMethod(invocation.arguments[0]));
  const auto request = reflected.NewMessage(method->input_type());
  const auto reply = reflected.NewMessage(method->output_type());
  std::string json = invocation.arguments[1];
  if (json.starts_with("@")) {
    ASSIGN_OR_RETURN(json, ReadInput(json.substr(1)));
  }
  RETURN_IF_ERROR(ParseJson(json, request.get()));
  const auto* id = method->input_type()->FindFieldByName("request_id");
  if (id != nullptr && !request->GetReflection()->HasField(*request, id)) {
    request->GetReflection()->SetString(request.get(), id, NewRequestId());
  }
  Headers headers;
  const std::string borough = invocation.Get("--borough", "LSCP_BOROUGH");
  if (!borough.empty()) headers["lscp-borough"] = borough;
  if (invocation.Has("--service")) headers["lscp-service"] = invocation.Get("--service");
  const std::string path = absl::StrCat("/", method->service()->full_name(), "/", method->name());
  absl::Status shown;
  const auto show = [&](const std::string& bytes) {
    shown = reply->ParseFromString(bytes) ? PrintJson(*reply, *invocation.out)
                                          : absl::InternalError("an unreadable reply");
    return shown.ok() && invocation.out->flush().good();
  };
  RETURN_IF_ERROR(invocation.channel->Stream(path, request->SerializeAsString(), headers, show));
  return shown;
}

}  // namespace

std::string Invocation::Get(const std::string& option, const char* environment) const {
  if (const auto found = options.find(option); found != options.end()) return found->second;
  const char* value = environment ? std::getenv(environment) : nullptr;
  return value ? value : "";
}

const std::vector<Command>& Commands() {
  static const auto& commands = *new std::vector<Command>{
      {{"referral", "submit"},
       "FILE",
       "send a concern [--validate-only] (SubmitContactRequest as JSON; - is stdin)",
       1,
       SubmitReferral},
      {{"referral", "list"}, "", "what your agency sent and what became of it", 0, ListReferrals},
      {{"referral", "show"}, "NAME", "one of them", 1, ShowReferral},
      {{"referral", "watch"}, "", "hear of changes as they happen [--cursor C]", 0, WatchReferrals},
      {{"timescales"},
       "",
       "what is due [--rule R] [--team T] [--mine] [--overdue]",
       0,
       ListTimescales},
      {{"indicators"},
       "",
       "figures of a period [--from YYYY-MM-DD] [--to YYYY-MM-DD] (this month)",
       0,
       GetIndicators},
      {{"audit", "verify"}, "", "prove that nothing was removed from the audit", 0, VerifyAudit},
      {{"audit", "list"}, "NAME", "who changed or saw a record", 1, ListAudit},
      {{"call"},
       "SERVICE.METHOD JSON",
       "any method, by reflection (@FILE reads the JSON)",
       2,
       CallMethod},
  };
  return commands;
}

const std::vector<std::string>& ValueOptions() {
  static const auto& options = *new std::vector<std::string>{
      "--borough", "--service", "--endpoint", "--cert", "--key",  "--ca",   "--tls-server-name",
      "--token",   "--purpose", "--timeout",  "--rule", "--team", "--from", "--to",
      "--cursor"};
  return options;
}

const std::vector<std::string>& FlagOptions() {
  static const auto& options =
      *new std::vector<std::string>{"--json", "--mine", "--overdue", "--validate-only"};
  return options;
}

}  // namespace lscp::client

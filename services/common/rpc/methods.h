#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/journal/feed.h"
#include "common/journal/transaction.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "safeguarding/options/v1/options.pb.h"

namespace lscp::rpc {

using google::protobuf::Message;

// What a watch sends for one journal entry: the serialised reply with the entry's events, or
// nothing if the entry is not for this caller. `disclosed` are the resources whose personal data it
// holds.
struct WatchReply {
  std::unique_ptr<Message> message;
  std::vector<std::string> disclosed;
};
using WatchFilter = std::function<std::optional<WatchReply>(const FeedEntry&)>;

// A method with what its contract says of it and what it does.
struct Method {
  using ReadBody = std::function<absl::StatusOr<std::string>(const Message&, Reading&)>;
  using WriteBody = std::function<absl::StatusOr<std::string>(const Message&, Transaction&)>;
  using WatchBody = std::function<absl::StatusOr<WatchFilter>(const Message&, const Call&)>;

  std::string path;  // "/package.Service/Method"
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  safeguarding::options::v1::MethodRule rule;
  const Message* request = nullptr;  // prototypes
  const Message* response = nullptr;
  ReadBody read;  // exactly one of the three is set, as rule.kind says
  WriteBody write;
  WatchBody watch;
};

// The methods that a process serves, with their handlers. A handler is a function of a request and
// of what it may use: a Reading, a Transaction, or the Call for a watch. Handlers are called on
// worker threads, several at a time.
class Methods {
 public:
  // The methods of one service: `Contacts contacts; methods.Of("…ContactsService", &contacts)
  //   .Write("SubmitContact", &Contacts::Submit)…`. The object must outlive this.
  template <typename Object>
  class Registration;
  template <typename Object>
  Registration<Object> Of(std::string_view service, Object* object) {
    return Registration<Object>(this, std::string(service), object);
  }

  // OK if every method of every registered service has a handler of the kind that its contract
  // says; else FAILED_PRECONDITION listing what is wrong: a mistake of ours, found at start.
  absl::Status Check() const;

  // By path, "/package.Service/Method".
  const std::map<std::string, Method>& all() const { return methods_; }
  // Full names of the registered services.
  std::vector<std::string> ServiceNames() const;

 private:
  Method& Add(const std::string& service, std::string_view name, const Message& request,
              const Message& response);

  std::map<std::string, Method> methods_;
  std::vector<std::string> mistakes_;
};

template <typename Object>
class Methods::Registration {
 public:
  Registration(Methods* methods, std::string service, Object* object)
      : methods_(methods), service_(std::move(service)), object_(object) {}

  template <typename Request, typename Response>
  Registration& Read(std::string_view name,
                     absl::StatusOr<Response> (Object::*handler)(const Request&, Reading&)) {
    methods_->Add(service_, name, Request::default_instance(), Response::default_instance()).read =
        [object = object_, handler](const Message& request,
                                    Reading& reading) -> absl::StatusOr<std::string> {
      auto response = (object->*handler)(static_cast<const Request&>(request), reading);
      if (!response.ok()) return std::move(response).status();
      return response->SerializeAsString();
    };
    return *this;
  }

  template <typename Request, typename Response>
  Registration& Write(std::string_view name,
                      absl::StatusOr<Response> (Object::*handler)(const Request&, Transaction&)) {
    methods_->Add(service_, name, Request::default_instance(), Response::default_instance()).write =
        [object = object_, handler](const Message& request,
                                    Transaction& transaction) -> absl::StatusOr<std::string> {
      auto response = (object->*handler)(static_cast<const Request&>(request), transaction);
      if (!response.ok()) return std::move(response).status();
      return response->SerializeAsString();
    };
    return *this;
  }

  // The response's `events` are filled by the filter; `cursor` and `is_checkpoint` by the platform.
  template <typename Response, typename Request>
  Registration& Watch(std::string_view name,
                      absl::StatusOr<WatchFilter> (Object::*handler)(const Request&, const Call&)) {
    methods_->Add(service_, name, Request::default_instance(), Response::default_instance()).watch =
        [object = object_, handler](const Message& request,
                                    const Call& call) -> absl::StatusOr<WatchFilter> {
      return (object->*handler)(static_cast<const Request&>(request), call);
    };
    return *this;
  }

 private:
  Methods* methods_;
  std::string service_;
  Object* object_;
};

}  // namespace lscp::rpc

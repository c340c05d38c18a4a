#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/db/value.h"
#include "common/journal/transaction.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/store/id.h"
#include "common/time/convert.h"
#include "google/protobuf/message.h"

namespace lscp {

// A searchable copy of something in a resource's document.
struct Column {
  const char* name;
  db::Value value;
};
using Columns = std::vector<Column>;

// Which resources a list shows. Keyset paging: no OFFSET, so a page costs the same wherever it
// lies.
struct ListQuery {
  std::string where;    // condition on the table's columns; empty: all of the boroughs
  db::Args args;        // its placeholders
  const char* sort_by;  // a NOT NULL column
  bool descending = false;
  int page_size = 0;       // as the request gives it
  std::string page_token;  // as the request gives it
};

// A table of one kind of resource: its document (the message, serialised) with its revision, and
// the columns that are searched. The table has the columns borough, id, revision, document and
// those that `Columns` names; its primary key is (borough, id). The part that needs no type:
class DocumentTable {
 public:
  explicit DocumentTable(std::string table) : table_(std::move(table)) {}

  struct Document {
    std::string name;
    int64_t revision = 0;
    std::string bytes;
  };
  struct Page {
    std::vector<Document> documents;
    std::string next_page_token;
  };

  absl::Status Insert(db::Connection& db, const Document& document, const Columns& columns) const;
  absl::Status Update(db::Connection& db, const Document& document, const Columns& columns) const;
  // nullopt when there is none.
  absl::StatusOr<std::optional<Document>> Read(db::Connection& db, std::string_view name,
                                               bool for_update) const;
  absl::StatusOr<Page> List(db::Connection& db, const Call& call,
                            const google::protobuf::Message& request, const ListQuery& query,
                            std::string_view collection) const;

 private:
  const std::string table_;
};

// The etag of a revision, and the revision of an etag (0 when it is none).
std::string EtagOf(int64_t revision);
int64_t RevisionOf(std::string_view etag);

// The call may see `name`: it is of this collection and in one of the call's boroughs.
bool MayName(const Call& call, std::string_view collection, std::string_view name);

// A kind of resource. `Resource` is a message with name and etag; its create_time and update_time
// are set where it has them. Every change goes through Insert or Update, which journal it, and
// every disclosure through Get or List, which say so to the Reading: neither can be forgotten.
// Immutable and thread-safe.
//
// Errors of all calls: PERMISSION_DENIED for what does not exist or lies in a borough that the call
// may not see, in the same words; the database's.
template <typename Resource>
class ResourceStore {
 public:
  using ColumnsOf = std::function<Columns(const Resource&)>;

  // `collection` as in resource names, e.g. "contacts"; `table` may differ from it.
  ResourceStore(std::string collection, std::string table, ColumnsOf columns_of)
      : collection_(std::move(collection)),
        table_(std::move(table)),
        columns_of_(std::move(columns_of)) {}

  // A resource's name for a new id.
  std::string NewName(std::string_view borough, absl::Time now) const {
    return "boroughs/" + std::string(borough) + "/" + collection_ + "/" + NewId(now);
  }

  // Stores a new resource, whose name is set, as revision 1, and sets its etag and times.
  // ALREADY_EXISTS on a duplicate of a unique column.
  absl::Status Insert(Transaction& tx, Resource& resource,
                      std::optional<Event> event = std::nullopt) const {
    if constexpr (requires { resource.mutable_create_time(); }) {
      *resource.mutable_create_time() = TimeToProto(tx.now());
    }
    return Store(tx, resource, 1, std::move(event));
  }

  // Reads a resource and locks it until the transaction ends. `etag` must be the current one
  // (ABORTED ETAG_MISMATCH); empty: the caller has no etag to check, as for a resource that it
  // changes as a consequence of another.
  absl::StatusOr<Resource> Lock(Transaction& tx, std::string_view name,
                                std::string_view etag) const {
    ASSIGN_OR_RETURN(Resource resource, Load(tx.db(), tx.call(), name, true));
    if (!etag.empty() && etag != resource.etag()) return EtagMismatch(name, resource.etag());
    return resource;
  }

  // Stores a locked resource as its next revision and sets its etag and update_time.
  absl::Status Update(Transaction& tx, Resource& resource,
                      std::optional<Event> event = std::nullopt) const {
    return Store(tx, resource, RevisionOf(resource.etag()) + 1, std::move(event));
  }

  // Reads a resource for a reply, which discloses it.
  absl::StatusOr<Resource> Get(Reading& reading, std::string_view name) const {
    ASSIGN_OR_RETURN(Resource resource, Load(reading.db(), reading.call(), name, false));
    reading.Disclose(resource.name());
    return resource;
  }

  // Reads a resource that a mutation needs and does not change.
  absl::StatusOr<Resource> Read(Transaction& tx, std::string_view name) const {
    return Load(tx.db(), tx.call(), name, false);
  }

  struct Page {
    std::vector<Resource> resources;
    std::string next_page_token;
  };
  // A page of the resources in the call's boroughs; each is disclosed. `request` binds the token.
  absl::StatusOr<Page> List(Reading& reading, const google::protobuf::Message& request,
                            const ListQuery& query) const {
    ASSIGN_OR_RETURN(auto found,
                     table_.List(reading.db(), reading.call(), request, query, collection_));
    Page page;
    page.next_page_token = std::move(found.next_page_token);
    for (const DocumentTable::Document& document : found.documents) {
      ASSIGN_OR_RETURN(Resource resource, Parse(document));
      reading.Disclose(resource.name());
      page.resources.push_back(std::move(resource));
    }
    return page;
  }

 private:
  static absl::StatusOr<Resource> Parse(const DocumentTable::Document& document) {
    Resource resource;
    if (!resource.ParseFromString(document.bytes)) {
      return absl::DataLossError("a stored document cannot be read");
    }
    resource.set_etag(EtagOf(document.revision));
    return resource;
  }

  absl::StatusOr<Resource> Load(db::Connection& db, const Call& call, std::string_view name,
                                bool for_update) const {
    if (!MayName(call, collection_, name)) return PermissionDenied(call.permission, name);
    ASSIGN_OR_RETURN(auto document, table_.Read(db, name, for_update));
    if (!document) return PermissionDenied(call.permission, name);
    return Parse(*document);
  }

  absl::Status Store(Transaction& tx, Resource& resource, int64_t revision,
                     std::optional<Event> event) const {
    if constexpr (requires { resource.mutable_update_time(); }) {
      *resource.mutable_update_time() = TimeToProto(tx.now());
    }
    resource.set_etag(EtagOf(revision));
    const DocumentTable::Document document{resource.name(), revision, resource.SerializeAsString()};
    const Columns columns = columns_of_(resource);
    RETURN_IF_ERROR(revision == 1 ? table_.Insert(tx.db(), document, columns)
                                  : table_.Update(tx.db(), document, columns));
    tx.Record({document.name, revision, document.bytes, std::move(event)});
    return absl::OkStatus();
  }

  const std::string collection_;
  const DocumentTable table_;
  const ColumnsOf columns_of_;
};

}  // namespace lscp

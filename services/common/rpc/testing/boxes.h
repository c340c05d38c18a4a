#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/db/migration.h"
#include "common/rpc/methods.h"
#include "common/rpc/testing/boxes.pb.h"
#include "common/store/resource_store.h"

namespace lscp::testing {

extern const std::span<const db::Migration> kMigrations;

// A service as services are, small enough for the platform's tests.
class Boxes {
 public:
  static constexpr char kService[] = "lscp.testing.v1.BoxesService";

  void Register(rpc::Methods& methods) {
    methods.Of(kService, this)
        .Write("PackBox", &Boxes::Pack)
        .Write("RepackBox", &Boxes::Repack)
        .Read("GetBox", &Boxes::Get)
        .Read("ListBoxes", &Boxes::List)
        .Watch<v1::WatchBoxesResponse>("WatchBoxes", &Boxes::Watch);
  }

  absl::StatusOr<v1::PackBoxResponse> Pack(const v1::PackBoxRequest& request, Transaction& tx) {
    if (request.box().content() == "bomb") return absl::InternalError("secret of the database");
    v1::Box box = request.box();
    box.set_name(store_.NewName(tx.call().borough, tx.now()));
    RETURN_IF_ERROR(store_.Insert(tx, box));
    v1::PackBoxResponse response;
    *response.mutable_box() = box;
    return response;
  }

  absl::StatusOr<v1::PackBoxResponse> Repack(const v1::RepackBoxRequest& request, Transaction& tx) {
    ASSIGN_OR_RETURN(v1::Box box, store_.Lock(tx, request.name(), request.etag()));
    box.set_content(request.content());
    RETURN_IF_ERROR(store_.Update(tx, box));
    v1::PackBoxResponse response;
    *response.mutable_box() = box;
    return response;
  }

  absl::StatusOr<v1::GetBoxResponse> Get(const v1::GetBoxRequest& request, Reading& reading) {
    v1::GetBoxResponse response;
    ASSIGN_OR_RETURN(*response.mutable_box(), store_.Get(reading, request.name()));
    return response;
  }

  absl::StatusOr<v1::ListBoxesResponse> List(const v1::ListBoxesRequest& request,
                                             Reading& reading) {
    ASSIGN_OR_RETURN(auto page, store_.List(reading, request,
                                            {.where = "weight > ?",
                                             .args = {request.heavier_than()},
                                             .sort_by = "weight",
                                             .page_size = request.page_size(),
                                             .page_token = request.page_token()}));
    v1::ListBoxesResponse response;
    for (v1::Box& box : page.resources) *response.add_boxes() = std::move(box);
    response.set_next_page_token(page.next_page_token);
    return response;
  }

  absl::StatusOr<rpc::WatchFilter> Watch(const v1::WatchBoxesRequest&, const Call& call) {
    return [boroughs = call.boroughs](const FeedEntry& entry) -> std::optional<rpc::WatchReply> {
      if (entry.borough != boroughs.front()) return std::nullopt;
      auto reply = std::make_unique<v1::WatchBoxesResponse>();
      if (!reply->add_events()->ParseFromString(entry.payload)) return std::nullopt;
      return rpc::WatchReply{std::move(reply), {}};
    };
  }

 private:
  const ResourceStore<v1::Box> store_{"boxes", "boxes", [](const v1::Box& box) {
                                        return Columns{{"weight", box.weight()}};
                                      }};
};

}  // namespace lscp::testing

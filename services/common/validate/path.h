#pragma once

#include <string>

#include "google/protobuf/message.h"

namespace lscp {

// Where in a message something is, as a chain on the walk's stack: it costs nothing until it is
// rendered.
struct Path {
  const Path* up = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;
  int index = -1;                                    // in a list
  const google::protobuf::Message* entry = nullptr;  // in a map
};

// "box.boxes[0].title". A map's entry shows its key if that looks like a code, for instance
// labels["size_2"], and a question mark otherwise: a key is input too and may be personal.
std::string Render(const Path* path);

}  // namespace lscp

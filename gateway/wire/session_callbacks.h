#pragma once

#include <nghttp2/nghttp2.h>

#include <vector>

#include "gateway/wire/header_block.h"
#include "gateway/wire/session.h"

// Between the library's callbacks and sessions and streams.
namespace lscp::gateway::wire {

// What every session gives the library; lives for ever.
const nghttp2_session_callbacks& Callbacks();
const nghttp2_option& Options();

// The fields as the library takes them; they refer to the block.
std::vector<nghttp2_nv> FieldsOf(const HeaderBlock& headers);
// The stream's queue as a body.
nghttp2_data_provider BodyOf(Stream& stream);

}  // namespace lscp::gateway::wire

#pragma once

#include "session.hpp"

namespace feedline {

/// Connects each data rank with the model rank, and fills in the session's feeds and its channel. Collective;
/// blocks. Throws what connect() throws.
void connect_feeds(World& world, Session& session);

}  // namespace feedline

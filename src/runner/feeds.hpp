#pragma once

#include "session.hpp"

namespace feedline {

/// Connects each data rank with the rank that trains, and fills in the session's feeds and its channel.
/// Collective; blocks. Throws as connect().
void connect_feeds(World& world, Session& session);

}  // namespace feedline

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace feedline {

/// Returns an id of a metadata file as a path: with "/" for "\", without "." and empty parts, ".." resolved;
/// std::nullopt when ".." leads out of the folder, or when no part is left.
std::optional<std::string> recording_id(std::string_view id);

}  // namespace feedline

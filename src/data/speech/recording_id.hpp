#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace feedline {

/// An id of a metadata file as a path: "/" for "\", without "." and empty parts, ".." resolved. Nothing when
/// ".." leads out of the folder, or when nothing is left.
std::optional<std::string> recording_id(std::string_view id);

}  // namespace feedline

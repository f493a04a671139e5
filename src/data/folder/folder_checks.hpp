#pragma once

#include <filesystem>
#include <string>

namespace feedline {

/// Throws a DataError, which names `flag`, unless `folder` is a readable folder.
void check_folder(const std::filesystem::path& folder, const std::string& flag);

/// Returns the first few names in `folder`, for messages.
std::string list_folder(const std::filesystem::path& folder);

}  // namespace feedline

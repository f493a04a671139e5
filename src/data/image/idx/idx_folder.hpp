#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace feedline {

/// The two files of one part of an IDX folder.
struct IdxFiles {
  std::filesystem::path images;
  std::filesystem::path labels;
};

/// Returns the files of `prefix` ("train" or "t10k") in `folder`, by any of their usual names, or
/// std::nullopt when neither is there. Throws a DataError when only one of the two is there.
std::optional<IdxFiles> find_idx_files(const std::filesystem::path& folder, const std::string& prefix);

/// Throws a DataError unless `folder` is a readable folder.
void check_folder(const std::filesystem::path& folder, const std::string& flag);

/// Returns the first few names in `folder`, for messages.
std::string list_folder(const std::filesystem::path& folder);

}  // namespace feedline

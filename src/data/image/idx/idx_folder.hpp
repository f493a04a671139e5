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

/// The files of `prefix` ("train" or "t10k") in `folder`, by any of their usual names; nothing when neither
/// is there. Throws DataError when only one of the two is.
std::optional<IdxFiles> find_idx_files(const std::filesystem::path& folder, const std::string& prefix);

/// Throws DataError unless `folder` is a folder that can be read.
void check_folder(const std::filesystem::path& folder, const std::string& flag);

/// For messages: the first few names in `folder`.
std::string list_folder(const std::filesystem::path& folder);

}  // namespace feedline

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

}  // namespace feedline

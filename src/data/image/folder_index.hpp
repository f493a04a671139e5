#pragma once

#include "folder_listing.hpp"

#include <filesystem>
#include <optional>

namespace feedline {

/// The index file of `root`: its name is a hash of the canonical path.
std::filesystem::path index_file(const std::filesystem::path& root,
                                 const std::filesystem::path& index_folder);

/// The listing that `file` remembers of `root`; nothing when there is none, it is damaged, or any folder has
/// changed since, or so shortly before that the change might not show.
std::optional<FolderListing> read_index(const std::filesystem::path& file, const std::filesystem::path& root,
                                        int root_fd);

/// Remembers a listing; another process sees the whole file or none. Does nothing where it cannot be written.
void write_index(const std::filesystem::path& file, const std::filesystem::path& root,
                 const FolderListing& listing) noexcept;

}  // namespace feedline

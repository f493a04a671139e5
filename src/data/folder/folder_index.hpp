#pragma once

#include "folder_list.hpp"

#include <feedline/data/file_kind.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace feedline {

/// Returns the file in `index_folder` that stores the list of the files of `kind` in the folder whose
/// canonical path is `root`.
std::filesystem::path index_file(const std::filesystem::path& index_folder, const std::string& root,
                                 const FileKind& kind);

/// Returns the stored list. Returns std::nullopt when there is none, when it is damaged or of another root,
/// or when a folder's stamp differs from the stamp that it now has below `root_fd`.
std::optional<FolderList> read_index(const std::filesystem::path& file, const std::string& root, int root_fd);

/// Stores a list completely or not at all: another process never sees half of it. A failure is no error and
/// is only logged.
void write_index(const std::filesystem::path& file, const FolderList& list);

}  // namespace feedline

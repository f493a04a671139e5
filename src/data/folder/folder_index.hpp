#pragma once

#include "folder_list.hpp"

#include <feedline/data/file_kind.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace feedline {

/// The file in `index_folder` that remembers the files of `kind` in the folder whose canonical path is
/// `root`.
std::filesystem::path index_file(const std::filesystem::path& index_folder, const std::string& root,
                                 const FileKind& kind);

/// The remembered list; nothing when there is none, it is damaged or of another root, or a folder's stamp
/// differs from what is now below `root_fd`.
std::optional<FolderList> read_index(const std::filesystem::path& file, const std::string& root, int root_fd);

/// Remembers a list, at once or not at all: another process never sees half of it. Failing is no error, only
/// logged.
void write_index(const std::filesystem::path& file, const FolderList& list);

}  // namespace feedline

#pragma once

#include "folder_scan.hpp"

#include <filesystem>

namespace feedline {

/// Throws DataError when the folders of `root` are no classes to train on: one cannot be read, there is no
/// file of `kind` in any of them, one has only files that must be converted first, or they are the parts of a
/// data set, such as train/ and val/, with the classes inside.
void check_scan(const std::filesystem::path& root, const FolderScan& scan, const FileKind& kind);

}  // namespace feedline

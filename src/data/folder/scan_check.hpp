#pragma once

#include "folder_scan.hpp"

#include <filesystem>

namespace feedline {

/// Throws DataError when the folders of `root` are no classes to train on: there is no file of `kind` in any
/// of them, or they are the parts of a data set, train/ and val/, with the classes inside.
void check_scan(const std::filesystem::path& root, const FolderScan& scan, const FileKind& kind);

}  // namespace feedline

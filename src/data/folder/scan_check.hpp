#pragma once

#include "folder_scan.hpp"

#include <filesystem>

namespace feedline {

/// Throws a DataError when the folders of `root` are not classes to train on: one of them cannot be read,
/// none of them holds a file of `kind`, one of them holds only files that must be converted first, or they
/// are the parts of a data set, such as train/ and val/, with the classes inside.
void check_scan(const std::filesystem::path& root, const FolderScan& scan, const FileKind& kind);

}  // namespace feedline

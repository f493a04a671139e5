#pragma once

#include <filesystem>
#include <span>
#include <string_view>

namespace feedline {

/// Throws a UsageError that names `flag` and `path` if `write_report` cannot write there. `flag` is the flag
/// that named the file.
void check_report_path(const char* flag, const std::filesystem::path& path);

/// Writes the pieces one after the other to `path` through a temporary file in the same folder, so that a
/// reader never sees half of it. A pipe or a device is written directly. Throws a UsageError that names flag
/// and path.
void write_report(const char* flag, const std::filesystem::path& path,
                  std::span<const std::string_view> pieces);

}  // namespace feedline

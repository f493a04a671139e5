#pragma once

#include <filesystem>
#include <span>
#include <string_view>

namespace feedline {

/// Whether `write_report` can write there. `flag` is the one that named the file. Throws UsageError naming
/// both.
void check_report_path(const char* flag, const std::filesystem::path& path);

/// Writes the pieces, one after the other, to `path` through a temporary file in the same folder, so that a
/// reader never sees half of it (a pipe or a device is written straight). Throws UsageError naming flag and
/// path.
void write_report(const char* flag, const std::filesystem::path& path,
                  std::span<const std::string_view> pieces);

}  // namespace feedline

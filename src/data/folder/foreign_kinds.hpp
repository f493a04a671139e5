#pragma once

#include <feedline/data/file_kind.hpp>

#include <span>
#include <string>
#include <string_view>

namespace feedline {

/// Returns the endings, in small letters, of files that hold pictures or recordings and are not read: those
/// of the same medium as `kind`, and arrays.
std::span<const std::string_view> foreign_endings(const FileKind& kind) noexcept;

/// Returns how to convert such files into files of `kind`, with `path` as an example: a command, or the files
/// to write.
std::string conversion(const FileKind& kind, const std::string& path);

}  // namespace feedline

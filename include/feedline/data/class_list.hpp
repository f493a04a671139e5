#pragma once

#include <span>
#include <string>

namespace feedline {

/// The names of classes, by label, one per line. A backslash is doubled; control characters, and in names
/// that are not UTF-8 all bytes other than printable ASCII, are written as \xHH, so that different names stay
/// different.
std::string class_list(std::span<const std::string> names);

}  // namespace feedline

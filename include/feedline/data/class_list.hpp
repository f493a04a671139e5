#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedline {

/// The names of classes, by label, one per line. A backslash is doubled; control characters, and in names
/// that are not UTF-8 all bytes other than printable ASCII, are written as \xHH, so that different names stay
/// different.
std::string class_list(std::span<const std::string> names);

/// Returns the lines of such a list, or of a list of symbols (Vocabulary::to_text), as they are written
/// there.
std::vector<std::string> listed_names(std::string_view list);

/// Returns a name as it is, or, when it is not UTF-8, as class_list() writes it.
std::string readable_name(const std::string& name);

}  // namespace feedline

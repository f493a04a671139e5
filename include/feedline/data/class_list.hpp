#pragma once

#include <span>
#include <string>

namespace feedline {

/// The names of classes, by label, one a line. A backslash is doubled; what is no printable ASCII in a name
/// that is no UTF-8, and any control character, is \xHH, so that different names stay different.
std::string class_list(std::span<const std::string> names);

}  // namespace feedline

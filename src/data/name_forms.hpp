#pragma once

#include <string>

namespace feedline {

/// Returns a name in Unicode's composed form (NFC), in which names that look the same are equal, or the name
/// itself if it is not UTF-8.
std::string composed_name(const std::string& name);

/// Returns the composed name without case and without invisible marks.
std::string folded_name(const std::string& name);

}  // namespace feedline

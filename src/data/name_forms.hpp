#pragma once

#include <string>

namespace feedline {

/// A name in Unicode's composed form (NFC), in which names that look the same are the same; the name itself
/// where it is not UTF-8.
std::string composed_name(const std::string& name);

/// The same without case and without marks that cannot be seen.
std::string folded_name(const std::string& name);

}  // namespace feedline

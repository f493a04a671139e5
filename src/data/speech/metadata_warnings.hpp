#pragma once

#include "metadata.hpp"

#include <string_view>

namespace feedline {

/// Adds a warning for each kind of line that is left out, with the first of them. `name` is the file.
void warn_of_left_out(Metadata& metadata, std::string_view name);

}  // namespace feedline

#pragma once

#include <string>

namespace feedline::config {

/// The whole text of `--help`, under 100 columns.
std::string help_text();

/// "feedline 0.1.0".
std::string version_text();

}  // namespace feedline::config

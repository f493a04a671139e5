#pragma once

#include <string>

namespace feedline::config {

/// Returns the whole text of `--help`, under 100 columns wide.
std::string help_text();

/// Returns "feedline 0.1.0".
std::string version_text();

}  // namespace feedline::config

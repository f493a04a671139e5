#pragma once

#include "flag_values.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace feedline::config {

/// Reads the arguments after the command's name; words that belong to no flag go to `words`, where there is
/// one. Throws UsageError: unknown flag (with the nearest name), a
/// flag twice, no value, a word that belongs to no flag.
FlagValues read_command_line(const std::vector<std::string>& arguments,
                             std::vector<std::string>* words = nullptr);

/// Reads a file of `flag = value` lines: names without dashes, `#` comments, switches as `flag`, `flag =
/// true` or `flag = false`. Throws UsageError with file and line.
FlagValues read_config_file(const std::filesystem::path& path);

}  // namespace feedline::config

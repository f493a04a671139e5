#pragma once

#include "flag_values.hpp"

#include <feedline/config/options.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace feedline::config {

/// Reads the arguments after the command's name; words that belong to no flag go to `words`, where there is
/// one. Throws UsageError: unknown flag (with the nearest name), a
/// flag twice, no value, a word that belongs to no flag.
FlagValues read_command_line(const std::vector<std::string>& arguments,
                             std::vector<std::string>* words = nullptr);

/// Returns the flags that `options` were read from, once more: those of the command line, then those of its
/// --config, whose text it keeps.
FlagValues given_flags(const Options& options);

/// For how long a pipe may give nothing, in seconds.
inline constexpr double kConfigPatience = 10;

/// The whole text of a file of flags, or of a pipe. Throws UsageError with the path when it cannot be read,
/// when nothing comes for `patience` seconds, and when it is too long; Error (kStopped) when the process is
/// asked to stop meanwhile.
std::string read_config_text(const std::filesystem::path& path, double patience = kConfigPatience);

/// The flags of `flag = value` lines: names without dashes, `#` comments, switches as `flag`, `flag = true`
/// or `flag = false`. Throws UsageError with `path` and line.
FlagValues flags_of_config(std::string_view text, const std::filesystem::path& path);

}  // namespace feedline::config

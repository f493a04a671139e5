#pragma once

#include "flag_values.hpp"

#include <feedline/config/options.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace feedline::config {

/// Reads the arguments after the name of the command. Words that belong to no flag go to `words`, unless it
/// is null. Throws UsageError for an unknown flag (with the nearest name), a flag that is given twice, a flag
/// without its value, and a word that belongs to no flag.
FlagValues read_command_line(const std::vector<std::string>& arguments,
                             std::vector<std::string>* words = nullptr);

/// Returns the flags that `options` were read from: those of the command line, and those of the text of
/// --config that the options keep.
FlagValues given_flags(const Options& options);

/// The longest time, in seconds, for which a pipe may give nothing.
inline constexpr double kConfigPatience = 10;

/// Returns the whole text of a file of flags, or of a pipe. Throws UsageError with the path when it cannot be
/// read, when nothing comes for `patience` seconds, and when it is too long. Throws Error (kStopped) when the
/// process is asked to stop meanwhile.
std::string read_config_text(const std::filesystem::path& path, double patience = kConfigPatience);

/// Returns the flags of `flag = value` lines: names without dashes, `#` comments, switches as `flag`, `flag =
/// true` or `flag = false`. Throws UsageError with `path` and line.
FlagValues flags_of_config(std::string_view text, const std::filesystem::path& path);

}  // namespace feedline::config

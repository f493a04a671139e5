#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace feedline {

/// Sets the rank name that precedes each log line; an empty name shows none. Call once, before threads start.
void set_log_name(const std::string& name);

/// Suppresses information and warnings, so that a helper process does not repeat its parent's messages.
void log_errors_only(bool only);

/// Writes one line to stderr at once. Lines stay whole even when ranks and threads write together. Any thread
/// may call these.
void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);

/// Writes one line of the program's own output to stdout at once.
void say(std::string_view line);

}  // namespace feedline

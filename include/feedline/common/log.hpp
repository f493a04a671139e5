#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace feedline {

/// Which rank's name stands before a log line; call once, before threads start. Empty: none.
void set_log_name(const std::string& name);

/// Keeps information and warnings to itself: a helper process need not repeat what its parent said.
void log_errors_only(bool only);

/// One line on stderr, at once, whole even when ranks and threads write together. Any thread.
void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);

/// One line of the program's own output on stdout, at once.
void say(std::string_view line);

}  // namespace feedline

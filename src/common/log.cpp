#include <feedline/common/log.hpp>
#include <feedline/common/text.hpp>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

namespace feedline {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made =
        std::make_shared<spdlog::logger>("feedline", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("feedline: %v");
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *instance;
}

/// Returns the lines in a form that can be shown: file names in them may hold any bytes.
std::string shown(std::string_view message) {
  std::string lines;
  for (std::size_t begin = 0; begin <= message.size();) {
    const std::size_t end = std::min(message.find('\n', begin), message.size());
    if (begin > 0) lines += '\n';
    lines += printable(message.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

void set_log_name(const std::string& name) {
  logger().set_pattern(name.empty() ? "feedline: %v" : "feedline [" + name + "]: %v");
}

void log_errors_only(bool only) {
  logger().set_level(only ? spdlog::level::err : spdlog::level::info);
}

void log_info(std::string_view message) {
  logger().info(shown(message));
}
void log_warning(std::string_view message) {
  logger().warn("warning: {}", shown(message));
}
void log_error(std::string_view message) {
  logger().error("error: {}", shown(message));
}

void say(std::string_view line) {
  const std::string text = shown(line) + '\n';
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace feedline

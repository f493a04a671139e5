#include <feedline/common/log.hpp>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <memory>

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

}  // namespace

void set_log_name(const std::string& name) {
  logger().set_pattern(name.empty() ? "feedline: %v" : "feedline [" + name + "]: %v");
}

void log_errors_only(bool only) {
  logger().set_level(only ? spdlog::level::err : spdlog::level::info);
}

void log_info(std::string_view message) {
  logger().info(message);
}
void log_warning(std::string_view message) {
  logger().warn("warning: {}", message);
}
void log_error(std::string_view message) {
  logger().error("error: {}", message);
}

void say(std::string_view line) {
  std::fwrite((std::string(line) + "\n").c_str(), 1, line.size() + 1, stdout);
  std::fflush(stdout);
}

}  // namespace feedline

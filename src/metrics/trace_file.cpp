#include "report_file.hpp"

#include <feedline/metrics/trace_file.hpp>

#include <nlohmann/json.hpp>

#include <string_view>
#include <vector>

namespace feedline {
namespace {

constexpr const char* kFlag = "--trace";

}  // namespace

void check_trace_path(const std::filesystem::path& path) {
  check_report_path(kFlag, path);
}

void write_trace(const std::filesystem::path& path, std::span<const std::string> processes,
                 const std::map<std::string, std::string>& about) {
  const std::string facts =
      nlohmann::json(about).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::vector<std::string_view> pieces = {"{\"displayTimeUnit\":\"ms\",\"otherData\":", facts,
                                          ",\"traceEvents\":[\n"};
  for (const std::string& events : processes) {
    if (&events != &processes.front()) pieces.push_back(",\n");
    pieces.push_back(events);
  }
  pieces.push_back("\n]}\n");
  write_report(kFlag, path, pieces);
}

}  // namespace feedline

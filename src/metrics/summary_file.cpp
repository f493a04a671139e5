#include "report_file.hpp"

#include <feedline/metrics/summary.hpp>

#include <array>

namespace feedline {
namespace {

constexpr const char* kFlag = "--summary";

}  // namespace

void check_summary_path(const std::filesystem::path& path) {
  check_report_path(kFlag, path);
}

void write_summary(const std::filesystem::path& path, const Summary& summary) {
  const std::string text = to_json(summary);
  write_report(kFlag, path, std::array<std::string_view, 1>{text});
}

}  // namespace feedline

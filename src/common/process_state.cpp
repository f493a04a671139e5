#include <feedline/common/process_state.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>

namespace feedline {
namespace {

std::string first_line(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Returns the text "S (sleeping)" of the line "State:\tS (sleeping)".
std::string state_of(const std::filesystem::path& thread) {
  std::ifstream file(thread / "status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("State:"))
      return line.substr(std::min(line.find_first_not_of(" \t", 6), line.size()));
  }
  return "?";
}

/// Returns the kernel functions that the thread is in, the innermost first; only root may read them.
std::string kernel_stack(const std::filesystem::path& thread) {
  constexpr int kDeepest = 4;
  std::ifstream file(thread / "stack");
  std::string text;
  std::string line;
  for (int depth = 0; depth < kDeepest && std::getline(file, line); ++depth) {
    const std::size_t begin = line.find("] ") == std::string::npos ? 0 : line.find("] ") + 2;
    text += (text.empty() ? "" : " < ") + line.substr(begin, line.find('+', begin) - begin);
  }
  return text;
}

std::string describe(const std::filesystem::path& thread) {
  std::string where = kernel_stack(thread);
  if (where.empty()) where = first_line(thread / "wchan");
  const bool known = !where.empty() && where != "0";
  return fmt::format("{}: {}{}", first_line(thread / "comm"), state_of(thread), known ? " in " + where : "");
}

}  // namespace

std::vector<std::string> describe_threads(int pid) {
  std::map<std::string, int> counts;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid), error))
    ++counts[describe(entry.path())];
  std::vector<std::string> lines;
  for (const auto& [text, count] : counts) lines.push_back(fmt::format("{} x {}", count, text));
  return lines;
}

}  // namespace feedline

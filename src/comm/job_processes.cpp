#include "job_processes.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

namespace feedline {
namespace {

constexpr char kGone = 'Z';

/// Returns the fields of /proc/PID/stat from the state on; the name before them may hold any characters.
std::string state_and_rest(int pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(file, text, '\0');
  const auto name_end = text.rfind(')');
  return name_end == std::string::npos || name_end + 2 > text.size() ? "" : text.substr(name_end + 2);
}

std::optional<int> parent_of(int pid) {
  std::istringstream fields(state_and_rest(pid));
  char state = kGone;
  int parent = 0;
  if (!(fields >> state >> parent) || state == kGone || state == 'X') return std::nullopt;
  return parent;
}

/// Returns the rank of a process whose environment has the line `job`.
std::optional<int> rank_in(int pid, const std::string& job) {
  constexpr std::string_view kRank = "PMIX_RANK=";
  std::ifstream file(fmt::format("/proc/{}/environ", pid));
  bool of_job = false;
  std::optional<int> rank;
  for (std::string line; std::getline(file, line, '\0');) {
    of_job = of_job || line == job;
    if (line.starts_with(kRank)) rank = std::atoi(line.c_str() + kRank.size());
  }
  return of_job ? rank : std::nullopt;
}

bool is_ours(const std::filesystem::path& folder) {
  struct stat status {};
  return stat(folder.c_str(), &status) == 0 && status.st_uid == geteuid();
}

}  // namespace

std::vector<JobProcess> processes_of_job(const std::string& job) {
  std::vector<JobProcess> found;
  const std::string line = "PMIX_NAMESPACE=" + job;
  std::error_code error;
  for (std::filesystem::directory_iterator at("/proc", error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename();
    int pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc{} ||
        !is_ours(at->path()))
      continue;
    const auto rank = rank_in(pid, line);
    const auto parent = rank ? parent_of(pid) : std::nullopt;
    if (parent) found.push_back({pid, *parent, *rank});
  }
  return found;
}

char process_state(int pid) {
  const std::string text = state_and_rest(pid);
  return text.empty() || text[0] == 'X' ? kGone : text[0];
}

}  // namespace feedline

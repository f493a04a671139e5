#include "cgroups.hpp"

#include <feedline/common/memory_kills.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKey = "oom_kill ";
constexpr const char* kRemedy =
    " Give the job more memory, or use a smaller --buffer-size, --batch-size or --num-workers, or --cache "
    "none.";

/// All files that count such ends, and the limits beside them; the innermost first, the machine's last.
std::map<fs::path, std::uint64_t> count_kills(const fs::path& root) {
  std::map<fs::path, std::uint64_t> counts;
  const auto add = [&](const fs::path& file) {
    if (const auto count = read_entry(file, kKey)) counts[file] = *count;
  };
  for (const fs::path& folder : cgroup_folders(root, "")) add(folder / "memory.events");
  for (const fs::path& folder : cgroup_folders(root, "memory")) add(folder / "memory.oom_control");
  add(root / "proc/vmstat");
  return counts;
}

/// "memory.max of /sys/fs/cgroup/job is 2.0 GiB"; nothing where there is no limit.
std::optional<std::string> limit_beside(const fs::path& counter) {
  const char* name = counter.filename() == "memory.events" ? "memory.max" : "memory.limit_in_bytes";
  const auto limit = read_number(counter.parent_path() / name);
  constexpr std::uint64_t kNone = std::uint64_t{1} << 60;  // version 1 has a huge number for "none"
  if (!limit || *limit > kNone) return std::nullopt;
  return fmt::format("{} of {} is {}", name, counter.parent_path().string(), format_bytes(*limit));
}

}  // namespace

MemoryKills::MemoryKills(fs::path root) : root_(std::move(root)), before_(count_kills(root_)) {}

std::string MemoryKills::reason() const {
  bool any = false;
  std::string limits;
  for (const auto& [file, count] : count_kills(root_)) {
    const auto before = before_.find(file);
    if (before == before_.end() || count <= before->second) continue;
    any = true;
    const auto limit = limit_beside(file);
    if (limit && limits.empty()) limits = *limit;
  }
  if (!any) return "";
  return fmt::format(" The kernel has ended a process for want of memory{}.{}",
                     limits.empty() ? ", on this machine" : ": " + limits, kRemedy);
}

}  // namespace feedline

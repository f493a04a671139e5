#include "cgroups.hpp"

#include <feedline/common/memory_kills.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <limits>
#include <string>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKey = "oom_kill ";
constexpr const char* kRemedy =
    " Give the job more memory, or use a smaller --buffer-size, --batch-size or --num-workers, or --cache "
    "none.";

/// Returns the counts of processes that the kernel ended for lack of memory, by file: those of this process's
/// cgroups and that of the machine. The limit of a cgroup lies beside its count.
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

/// The tightest limit beside a counter. It may belong to a cgroup above that of the killed process.
struct Limit {
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();
  std::string words;
};

void take_tighter(Limit& least, const fs::path& counter) {
  const char* name = counter.filename() == "memory.events" ? "memory.max" : "memory.limit_in_bytes";
  const auto limit = read_number(counter.parent_path() / name);
  constexpr std::uint64_t kNone = std::uint64_t{1}
                                  << 60;  // version 1 shows a huge number when there is no limit
  if (!limit || *limit > kNone || *limit >= least.bytes) return;
  least = {*limit, fmt::format("{} of {} is {}", name, counter.parent_path().string(), format_bytes(*limit))};
}

}  // namespace

MemoryKills::MemoryKills(fs::path root) : root_(std::move(root)), before_(count_kills(root_)) {}

std::string MemoryKills::reason() const {
  bool any = false, in_cgroup = false;
  Limit limit;
  for (const auto& [file, count] : count_kills(root_)) {
    const auto before = before_.find(file);
    const bool more = before != before_.end() && count > before->second;
    any = any || more;
    if (file.filename() == "vmstat") continue;
    in_cgroup = in_cgroup || more;
    take_tighter(limit, file);
  }
  if (!any) return "";
  return fmt::format(" The kernel has ended a process for want of memory{}.{}",
                     in_cgroup && !limit.words.empty() ? ": " + limit.words : ", on this machine", kRemedy);
}

}  // namespace feedline

#include "idle_flags.hpp"

#include <feedline/common/log.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace feedline {

void warn_of_idle_flags(const Options& options, Task task) {
  const std::vector<std::string> idle = idle_flags(options, task);
  if (idle.empty()) return;
  const char* kind = task == Task::kImage   ? "pictures"
                     : task == Task::kAudio ? "sounds in classes"
                                            : "speech";
  log_warning(fmt::format("{} {} nothing for {} (--task {}).", fmt::join(idle, ", "),
                          idle.size() == 1 ? "changes" : "change", kind, task_name(task)));
}

}  // namespace feedline

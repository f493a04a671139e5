#include <feedline/data/task.hpp>

namespace feedline {

std::string_view task_name(Task task) noexcept {
  switch (task) {
    case Task::kImage:
      return "image";
    case Task::kAudio:
      return "audio";
    case Task::kSpeech:
      return "speech";
  }
  return "?";
}

std::optional<Task> parse_task(std::string_view name) noexcept {
  for (const Task task : kTasks)
    if (task_name(task) == name) return task;
  return std::nullopt;
}

}  // namespace feedline

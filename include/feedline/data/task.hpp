#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace feedline {

/// The task that a model learns.
enum class Task {
  kImage,  ///< Classes of pictures
  kAudio,  ///< Classes of sounds
  kSpeech  ///< Speech from text
};

inline constexpr std::array kTasks = {Task::kImage, Task::kAudio, Task::kSpeech};

/// Returns the name of a task in flags, JSON and checkpoints: "image", "audio" or "speech".
std::string_view task_name(Task task) noexcept;

/// Returns the task of that name, or std::nullopt when there is none.
std::optional<Task> parse_task(std::string_view name) noexcept;

}  // namespace feedline

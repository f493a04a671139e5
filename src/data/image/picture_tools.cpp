#include "picture_tools.hpp"

namespace feedline {

std::unique_ptr<PictureTools> PictureToolbox::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      auto tools = std::move(free_.back());
      free_.pop_back();
      return tools;
    }
    free_.reserve(free_.capacity() + 1);  // so that `put` never has to allocate
  }
  return std::make_unique<PictureTools>();
}

void PictureToolbox::put(std::unique_ptr<PictureTools> tools) noexcept {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(tools));
}

}  // namespace feedline

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace feedline {

/// The labels that numbered files have in batches. Copies share the classes of the files.
///
/// Thread rule: const after construction, for any number of threads.
class FileLabels {
 public:
  /// File `id` is of class `classes[id]`, and `labels[c]` is the label of class `c`.
  FileLabels(std::shared_ptr<const std::uint32_t[]> classes, std::vector<std::uint32_t> labels)
      : classes_(std::move(classes)), labels_(std::move(labels)) {}

  std::uint32_t of(std::uint64_t id) const noexcept {
    return labels_[classes_[static_cast<std::ptrdiff_t>(id)]];
  }

  /// Returns the label of each class.
  std::span<const std::uint32_t> by_class() const noexcept { return labels_; }

 private:
  std::shared_ptr<const std::uint32_t[]> classes_;
  std::vector<std::uint32_t> labels_;
};

}  // namespace feedline

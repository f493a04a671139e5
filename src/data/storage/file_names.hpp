#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// The names of numbered files below one root. They lie in one block of memory, which copies share.
///
/// Thread rule: const after construction, for any number of threads.
class FileNames {
 public:
  /// Copies `names`, which are relative to `root`.
  FileNames(std::string root, std::span<const std::string> names);

  /// Uses names that lie in the memory of `owner`: the name of file `id` begins at `block + offsets[id]` and
  /// ends with a NUL.
  FileNames(std::string root, std::shared_ptr<const void> owner, const char* block,
            std::span<const std::uint64_t> offsets);

  std::uint64_t size() const noexcept { return offsets_.size(); }

  /// Returns the name of a file below the root. `id` must be below `size()`. The text lives as long as this
  /// object or a copy of it.
  const char* name(std::uint64_t id) const noexcept { return block_ + offsets_[id]; }

  const std::string& root() const noexcept { return root_; }

  /// Returns the root and the name of the file, for messages.
  std::string describe(std::uint64_t id) const;

 private:
  std::string root_;
  std::shared_ptr<const void> owner_;
  const char* block_;
  std::span<const std::uint64_t> offsets_;
};

}  // namespace feedline

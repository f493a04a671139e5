#pragma once

#include <feedline/checkpoint/manifest.hpp>
#include <feedline/common/posix.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// Receives the bytes of a part, piece by piece.
using ByteSink = std::function<void(std::span<const std::byte>)>;

/// One file of a checkpoint.
struct CheckpointPart {
  std::string name;
  std::function<void(const ByteSink&)> write;  ///< Function that passes the whole content to the sink
};

/// The place of a checkpoint in a run, which determines its name and order.
struct CheckpointName {
  std::uint64_t steps = 0;         ///< Optimizer steps done
  std::uint32_t epochs_ended = 0;  ///< Epochs done, with validation; 0 in the middle of an epoch

  /// Returns "step-000000120" or "step-000000120-epoch-3". Later names sort after earlier ones.
  std::string text() const;
};

/// A folder of checkpoints. Each is a folder of its own that appears whole or not at all: its files are
/// written under a temporary name, the manifest last, all are synced, then the folder is renamed. While the
/// object lives, no other run can open the folder. One thread at a time may use it.
class CheckpointFolder {
 public:
  /// Creates the folder if it is missing, waits up to 15 s until no other run uses it, and removes the
  /// unfinished checkpoints of killed runs. Throws UsageError when it is in use or not a folder, and
  /// std::filesystem::filesystem_error when it cannot be written.
  explicit CheckpointFolder(std::filesystem::path path);

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Returns the checkpoints, newest first, without verifying them.
  std::vector<std::filesystem::path> list() const;

  /// Returns whether the checkpoint `name` is there, without verifying it.
  bool holds(const std::string& name) const;

  /// Writes a checkpoint, reads it back and returns its path. Blocks until it is on the disk. Replaces a
  /// checkpoint of the same name. Throws std::filesystem::filesystem_error when the disk is full or broken,
  /// and then leaves no trace of the new checkpoint.
  std::filesystem::path commit(const std::string& name, const std::vector<CheckpointPart>& parts);

  /// Removes all checkpoints except the newest `keep` and those named in `spare`.
  void prune(std::size_t keep, std::span<const std::string> spare);

  /// Points the link `link` in the folder to the checkpoint `name`. Where links are not supported, writes a
  /// text file with the name instead, and warns about that once.
  void point(const std::string& link, const std::string& name);

 private:
  void remove_leftovers() noexcept;
  void discard(const std::filesystem::path& checkpoint);

  std::filesystem::path path_;
  UniqueFd lock_;
  bool told_of_text_ = false;  ///< Whether the warning about missing links has been given
};

/// Returns the checkpoints in `folder`, newest first; empty when it is not a folder.
std::vector<std::filesystem::path> list_checkpoints(const std::filesystem::path& folder);

}  // namespace feedline

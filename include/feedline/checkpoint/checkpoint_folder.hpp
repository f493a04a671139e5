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

/// Takes the bytes of a part, piece by piece.
using ByteSink = std::function<void(std::span<const std::byte>)>;

/// One file of a checkpoint.
struct CheckpointPart {
  std::string name;
  std::function<void(const ByteSink&)> write;  ///< gives the whole content to the sink
};

/// Where a checkpoint stands in a run: its name, and what orders checkpoints.
struct CheckpointName {
  std::uint64_t steps = 0;         ///< optimizer steps done
  std::uint32_t epochs_ended = 0;  ///< 0: in the middle of an epoch, else epochs done, validation included

  /// "step-000000120", "step-000000120-epoch-3"; later ones sort behind earlier ones.
  std::string text() const;
};

/// A folder of checkpoints, each a folder of its own that appears whole or not at all: its files are written
/// under a temporary name, the manifest last, all are synced, then it is renamed. While the object lives, no
/// other run can open the folder. One thread at a time.
class CheckpointFolder {
 public:
  /// Makes the folder if it is not there, waits for up to 15 s until no other run uses it, and removes what
  /// killed runs have left half done. Throws UsageError when it is in use or no folder, and
  /// std::filesystem::filesystem_error when it cannot be written.
  explicit CheckpointFolder(std::filesystem::path path);

  const std::filesystem::path& path() const noexcept { return path_; }

  /// The checkpoints, newest first; not verified.
  std::vector<std::filesystem::path> list() const;

  /// Whether the checkpoint `name` is there; not verified.
  bool holds(const std::string& name) const;

  /// Writes one and reads it back. Blocks until the disk has it. One of the same name is replaced. Throws
  /// std::filesystem::filesystem_error when the disk is full or broken; then there is no trace of it.
  std::filesystem::path commit(const std::string& name, const std::vector<CheckpointPart>& parts);

  /// Removes all but the newest `keep` and those named in `spare`.
  void prune(std::size_t keep, std::span<const std::string> spare);

  /// Points the link `link` (in the folder) to the checkpoint `name`. Where there are no links, writes a text
  /// file that names it, and warns of that once.
  void point(const std::string& link, const std::string& name);

 private:
  void remove_leftovers() noexcept;
  void discard(const std::filesystem::path& checkpoint);

  std::filesystem::path path_;
  UniqueFd lock_;
  bool told_of_text_ = false;  ///< that there are no links
};

/// The checkpoints in `folder`, newest first; empty when it is no folder.
std::vector<std::filesystem::path> list_checkpoints(const std::filesystem::path& folder);

}  // namespace feedline

#pragma once

#include "storage.hpp"

#include <feedline/common/posix.hpp>

namespace feedline {

/// Files of a folder and of the folders below it. Each is opened by its name when it is read.
class FolderStorage final : public Storage {
 public:
  /// Opens the folder `names.root()`. Throws DataError when it cannot be opened. The files need not exist.
  explicit FolderStorage(FileNames names);

  /// Uses a folder that is open.
  FolderStorage(FileNames names, UniqueFd root);

  /// Opens the folder `root` (O_PATH). Throws DataError.
  static UniqueFd open_root(const std::string& root);

  /// Descriptor of the root (O_PATH).
  int root_fd() const noexcept { return root_.get(); }

  std::string key() const override;  ///< The canonical path of the root
  std::span<const std::byte> read(std::uint64_t id, FileBuffer& buffer) const override;
  FileRange read_range(std::uint64_t id, std::uint64_t offset, std::span<std::byte> into) const override;
  std::optional<FileIdentity> identity(std::uint64_t id) const noexcept override;
  void read_ahead(std::uint64_t id) const noexcept override;
  void forget(std::uint64_t id) const noexcept override;

 private:
  UniqueFd root_;
};

}  // namespace feedline

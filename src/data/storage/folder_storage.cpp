#include "folder_storage.hpp"

#include "read_file.hpp"

#include <feedline/common/errors.hpp>

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace feedline {

UniqueFd FolderStorage::open_root(const std::string& root) {
  UniqueFd fd(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    throw DataError(fmt::format("The folder {} cannot be opened: {}. Check the path and its permissions.",
                                root, std::generic_category().message(errno)));
  }
  return fd;
}

FolderStorage::FolderStorage(FileNames names) : Storage(std::move(names)), root_(open_root(root())) {}

FolderStorage::FolderStorage(FileNames names, UniqueFd root)
    : Storage(std::move(names)), root_(std::move(root)) {}

std::string FolderStorage::key() const {
  return std::filesystem::canonical(root()).string();
}

std::span<const std::byte> FolderStorage::read(std::uint64_t id, FileBuffer& buffer) const {
  return read_file(root_.get(), name(id), buffer);
}

FileRange FolderStorage::read_range(std::uint64_t id, std::uint64_t offset, std::span<std::byte> into) const {
  return read_file_range(root_.get(), name(id), offset, into);
}

std::optional<FileIdentity> FolderStorage::identity(std::uint64_t id) const noexcept {
  return identify_file(root_.get(), name(id));
}

void FolderStorage::read_ahead(std::uint64_t id) const noexcept {
  read_file_ahead(root_.get(), name(id));
}

void FolderStorage::forget(std::uint64_t id) const noexcept {
  drop_from_page_cache(root_.get(), name(id));
}

}  // namespace feedline

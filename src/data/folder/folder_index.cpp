#include "folder_index.hpp"

#include "replace_file.hpp"

#include <feedline/common/hash.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/common/text.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <system_error>

namespace feedline {
namespace {

namespace fs = std::filesystem;

bool read_all(int fd, std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::read(fd, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

/// A whole file; nothing when it is no index, which its first bytes tell before its size is believed.
std::optional<ListBlock> read_block(const fs::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat facts {};
  if (!fd || fstat(fd.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return std::nullopt;
  ListHeader header;
  const auto bytes = static_cast<std::size_t>(facts.st_size);
  if (::pread(fd.get(), &header, sizeof header, 0) != sizeof header) return std::nullopt;
  if (!header.is_ours() || header.bytes != bytes) return std::nullopt;
  ListBlock block = ListBlock::of_size(bytes);
  if (!read_all(fd.get(), block.span()) || !is_sound(block)) return std::nullopt;
  return block;
}

bool is_fresh(const FolderList& list, int root_fd) {
  for (std::size_t i = 0; i < list.folders().size(); ++i) {
    if (stamp_of(root_fd, list.folders()[i]) != list.stamp(i)) return false;
  }
  return true;
}

}  // namespace

fs::path index_file(const fs::path& index_folder, const std::string& root, const FileKind& kind) {
  return index_folder / fmt::format("{}.{}.index", hex(hash64(std::as_bytes(std::span(root)))), kind.many);
}

std::optional<FolderList> read_index(const fs::path& file, const std::string& root, int root_fd) {
  auto block = read_block(file);
  if (!block) return std::nullopt;
  FolderList list(std::move(*block));
  if (root != list.root() || !is_fresh(list, root_fd)) return std::nullopt;
  return list;
}

void write_index(const fs::path& file, const FolderList& list) {
  if (replace_file(file, list.block().span())) return;
  log_info(fmt::format("The list of {} is not remembered: cannot write {} ({}).", list.root(), file.string(),
                       std::generic_category().message(errno)));
}

}  // namespace feedline

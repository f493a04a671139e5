#include "file_identity.hpp"

#include <sys/stat.h>

namespace feedline {

std::optional<FileIdentity> identify_file(int folder_fd, const char* name) noexcept {
  struct stat facts {};
  if (fstatat(folder_fd, name, &facts, 0) != 0) return std::nullopt;
  const auto ns = [](const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; };
  return FileIdentity{facts.st_ino, static_cast<std::uint64_t>(facts.st_size), ns(facts.st_mtim),
                      ns(facts.st_ctim)};
}

}  // namespace feedline

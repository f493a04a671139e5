#include <feedline/checkpoint/checkpoint_folder.hpp>
#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "step-";
/// Prefix of temporary folders, which no other files use: half-written checkpoints, and those that are being
/// removed.
constexpr const char* kTemporary = ".feedline-tmp-";

/// Longest wait for the lock, in seconds: a run that was killed a moment ago may still be ending.
constexpr double kLockPatience = 15;

void make_folder(const fs::path& path) {
  if (fs::exists(path) && !fs::is_directory(path))
    throw UsageError("--checkpoint-dir " + path.string() +
                     " is no folder. Give the path of one, or of one to be made.");
  fs::create_directories(path);
}

/// Blocks until this process holds the lock.
UniqueFd lock_folder(const fs::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) throw_file_error("cannot open the folder", path);
  const Deadline deadline = Deadline::in(kLockPatience);
  Backoff backoff(std::chrono::milliseconds(100));
  while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return fd;  // a file system without locks
    if (deadline.passed()) {
      throw UsageError(fmt::format(
          "--checkpoint-dir {} is in use by another run of feedline. End that one, or give another folder.",
          path.string()));
    }
    backoff.sleep();
  }
  return fd;
}

/// Throws if the folder cannot be written, so that a run fails at once and not at its first save.
void try_to_write(const fs::path& folder) {
  const fs::path probe = folder / fmt::format("{}{}", kTemporary, "probe");
  ::unlink(probe.c_str());
  DurableFile file(probe);
  file.write(std::as_bytes(std::span("feedline")));
  file.finish();
  ::unlink(probe.c_str());
}

/// Renames a folder that has the name of a link, as in a copy of the checkpoints (cp -rL). It may hold the
/// only copy of its checkpoint, so it is kept.
void move_aside(const fs::path& folder) {
  fs::path aside;
  int number = 1;
  do {
    aside = fmt::format("{}-old-{}", folder.string(), number++);
  } while (fs::exists(fs::symlink_status(aside)));
  fs::rename(folder, aside);
  log_warning(fmt::format("{} was a folder, not a link: it is now {}.", folder.string(), aside.string()));
}

}  // namespace

std::string CheckpointName::text() const {
  const std::string name = fmt::format("{}{:09}", kPrefix, steps);
  return epochs_ended == 0 ? name : fmt::format("{}-epoch-{}", name, epochs_ended);
}

std::vector<fs::path> list_checkpoints(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().starts_with(kPrefix) && entry.is_directory(ignored))
      found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  return found;
}

CheckpointFolder::CheckpointFolder(fs::path path) : path_(std::move(path)) {
  make_folder(path_);
  lock_ = lock_folder(path_);
  try_to_write(path_);
  remove_leftovers();
}

void CheckpointFolder::remove_leftovers() noexcept {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path_, ignored)) {
    if (!entry.path().filename().string().starts_with(kTemporary)) continue;
    fs::remove_all(entry.path(), ignored);
    log_info(fmt::format("Removed {}, which a killed run left behind.", entry.path().string()));
  }
}

std::vector<fs::path> CheckpointFolder::list() const {
  return list_checkpoints(path_);
}

bool CheckpointFolder::holds(const std::string& name) const {
  std::error_code ignored;
  return fs::exists(path_ / name / Manifest::kName, ignored);
}

fs::path CheckpointFolder::commit(const std::string& name, const std::vector<CheckpointPart>& parts) {
  if (!fs::exists(path_)) {
    fs::create_directory(path_);  // not its parent folders: a disk may be gone
    lock_ = lock_folder(path_);
    log_warning(fmt::format("{} was removed: it is made anew.", path_.string()));
  }
  const fs::path temporary = path_ / (kTemporary + name), target = path_ / name;
  std::error_code ignored;
  fs::remove_all(temporary, ignored);
  try {
    fs::create_directory(temporary);
    Manifest manifest;
    for (const CheckpointPart& part : parts) {
      DurableFile file(temporary / part.name);
      part.write([&](std::span<const std::byte> bytes) { file.write(bytes); });
      manifest.parts[part.name] = file.finish();
    }
    const std::string text = to_text(manifest);
    DurableFile last(temporary / Manifest::kName);
    last.write(std::as_bytes(std::span(text)));
    last.finish();
    sync_folder(temporary);
    verify_checkpoint(temporary);
    if (fs::exists(target)) discard(target);
    fs::rename(temporary, target);
    sync_folder(path_);
  } catch (...) {
    fs::remove_all(temporary, ignored);
    throw;
  }
  return target;
}

/// Removes a checkpoint. It is renamed first, so that a removal that is killed in the middle leaves nothing
/// that looks like a checkpoint.
void CheckpointFolder::discard(const fs::path& checkpoint) {
  const fs::path doomed = path_ / (kTemporary + std::string("old-") + checkpoint.filename().string());
  std::error_code ignored;
  fs::remove_all(doomed, ignored);
  fs::rename(checkpoint, doomed);
  fs::remove_all(doomed, ignored);
}

void CheckpointFolder::prune(std::size_t keep, std::span<const std::string> spare) {
  const auto found = list();
  for (std::size_t i = keep; i < found.size(); ++i) {
    if (std::find(spare.begin(), spare.end(), found[i].filename().string()) == spare.end()) discard(found[i]);
  }
}

void CheckpointFolder::point(const std::string& link, const std::string& name) {
  const fs::path temporary = path_ / (kTemporary + link), target = path_ / link;
  std::error_code error;
  fs::remove_all(temporary, error);
  if (fs::is_directory(fs::symlink_status(target, error))) move_aside(target);
  fs::create_symlink(name, temporary, error);
  if (error) {
    if (!std::exchange(told_of_text_, true)) {
      log_warning(fmt::format("{} cannot be a link ({}): it is a text file that names the checkpoint.",
                              target.string(), error.message()));
    }
    const std::string text = name + "\n";
    DurableFile file(temporary);
    file.write(std::as_bytes(std::span(text)));
    file.finish();
  }
  fs::rename(temporary, target);
}

}  // namespace feedline

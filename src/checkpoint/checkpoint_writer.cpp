#include <feedline/checkpoint/checkpoint_writer.hpp>
#include <feedline/common/log.hpp>
#include <feedline/metrics/stage_range.hpp>

#include <exception>
#include <span>
#include <utility>

namespace feedline {
namespace {

constexpr const char* kBestLink = "best";

/// Describes the failure; the text of std::filesystem repeats the path in brackets.
std::string reason(const std::exception& error) {
  const auto* of_file = dynamic_cast<const std::filesystem::filesystem_error*>(&error);
  if (of_file == nullptr) return error.what();
  return of_file->path1().string() + ": " + of_file->code().message();
}

}  // namespace

CheckpointWriter::CheckpointWriter(CheckpointFolder& folder, Options options)
    : folder_(folder), options_(std::move(options)), thread_([this] { run(); }) {}

CheckpointWriter::~CheckpointWriter() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool CheckpointWriter::busy() const {
  const std::lock_guard lock(mutex_);
  return job_.has_value();
}

void CheckpointWriter::submit(SaveJob job) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !job_; });
  job_ = std::move(job);
  changed_.notify_all();
}

void CheckpointWriter::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !job_; });
}

SaveStats CheckpointWriter::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void CheckpointWriter::run() noexcept {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return job_ || over_; });
    if (!job_) return;
    lock.unlock();
    save(*job_);
    lock.lock();
    job_.reset();
    changed_.notify_all();
  }
}

void CheckpointWriter::save(const SaveJob& job) noexcept {
  const StageRange range(options_.lane, stage::kWriteCheckpoint);
  std::optional<std::string> trouble;
  try {
    if (options_.before_save) options_.before_save(stats().written + stats().failed + 1);
    folder_.commit(job.name, job.parts);
  } catch (const std::exception& error) {
    trouble = reason(error);
    log_error("The checkpoint " + job.name + " could not be written: " + *trouble +
              ". Training goes on; make room, or see to the disk.");
  }
  note(trouble);
  if (trouble) return;
  if (job.best) {
    options_.best = job.name;
    try {
      folder_.point(kBestLink, job.name);
    } catch (const std::exception& error) {
      log_warning("The best checkpoint is " + job.name + ", but '" + kBestLink +
                  "' could not be made to say so: " + reason(error) + ".");
    }
  }
  try {
    folder_.prune(options_.keep, options_.best ? std::span(&*options_.best, 1) : std::span<std::string>());
  } catch (const std::exception& error) {
    log_warning("An old checkpoint could not be removed: " + reason(error) + ".");
  }
}

void CheckpointWriter::note(const std::optional<std::string>& trouble) {
  const std::lock_guard lock(mutex_);
  stats_.last_failed = trouble.has_value();
  if (trouble) {
    ++stats_.failed;
    stats_.trouble = *trouble;
  } else {
    ++stats_.written;
  }
}

}  // namespace feedline

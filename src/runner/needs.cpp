#include "needs.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>
#include <feedline/common/thread_limits.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <thread>

namespace feedline {
namespace {

/// Libraries, channels, reports.
constexpr int kFilesBeside = 64;

/// torch takes a few hundred MB with its first batch, whatever the model.
constexpr std::uint64_t kLittleMemory = 1 << 30;

/// Of an input: the tuner and the watch.
constexpr int kBesideWorkers = 2;

/// Of each end of a channel between ranks: what answers requests or looks after a peer, and a pump.
constexpr int kBesideChannel = 2;

/// Of CUDA, of copies, and of torch for a GPU.
constexpr int kOfGpu = 8;

/// OpenMP's, a pool of all cores, for whose threads torch waits for good when it does not get them, and the
/// writer of checkpoints.
int threads_of_training(const Options& options) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return options.train_threads.value_or(usable_cores()) - 1 + std::max(cores - 1, 0) + 1;
}

}  // namespace

int threads_needed(const Options& options, const Roles& roles, int rank, int workers, bool on_gpu) {
  int count = (roles.single ? 0 : kBesideChannel) + (on_gpu ? kOfGpu : 0);
  if (roles.prepares_data(rank)) count += workers + kBesideWorkers;
  if (roles.prepares_data(rank) && options.isolate_decoders) count += workers + 1;
  if (roles.trains(rank)) count += threads_of_training(options) + (roles.single ? 0 : roles.data_ranks);
  return count;
}

int files_needed(const Options& options, const Roles& roles, int rank, int workers) {
  const int each = options.isolate_decoders ? 6 : 2;
  return kFilesBeside + (roles.prepares_data(rank) ? each * workers : 0);
}

void try_needs(World& world, const Options& options, const Roles& roles, int workers, bool on_gpu) {
  ThreadTrial threads;  // until all ranks hold theirs
  world.together("see whether all threads can be had", [&] {
    const auto files = static_cast<std::uint64_t>(files_needed(options, roles, world.rank(), workers));
    if (const std::uint64_t limit = allow_open_files(files); limit < files) {
      throw UsageError(
          fmt::format("Up to {} files are open at the same time, but RLIMIT_NOFILE (ulimit -n) is {}. Raise "
                      "it, or use a smaller "
                      "--num-workers.",
                      files, limit));
    }
    threads.start(threads_needed(options, roles, world.rank(), workers, on_gpu));
  });
}

void warn_of_little_memory(const Roles& roles, int rank) {
  const MemoryRoom room = memory_room();
  if (!roles.trains(rank) || room.bytes >= kLittleMemory) return;
  log_warning(
      fmt::format("{} of memory are left for model and training: {}. If that is not enough the kernel ends "
                  "the process without a "
                  "word (exit code 137): then give it more, or use a smaller --batch-size, --buffer-size or "
                  "--model-size.",
                  format_bytes(room.bytes), room.limit));
}

}  // namespace feedline

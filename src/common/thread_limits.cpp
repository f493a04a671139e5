#include "cgroups.hpp"

#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>
#include <feedline/common/thread_limits.hpp>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <string_view>
#include <system_error>

namespace feedline {
namespace {

namespace fs = std::filesystem;

struct Room {
  std::uint64_t left = std::numeric_limits<std::uint64_t>::max();
  std::string words;

  void take_tighter(std::uint64_t limit, std::uint64_t taken, const std::string& name) {
    const std::uint64_t room = limit > taken ? limit - taken : 0;
    if (room < left) *this = {room, fmt::format("{} is {}, of which {} are taken", name, limit, taken)};
  }
};

void look_at_cgroups(Room& room, const fs::path& root) {
  for (const char* controller : {"", "pids"}) {
    for (const fs::path& folder : cgroup_folders(root, controller)) {
      const auto limit = read_number(folder / "pids.max"), taken = read_number(folder / "pids.current");
      if (limit && taken) room.take_tighter(*limit, *taken, "pids.max of " + folder.string());
    }
  }
}

/// Counts the threads of all processes of this user.
std::uint64_t threads_of_user(const fs::path& root) {
  std::uint64_t count = 0;
  const std::string user = fmt::format("{}", getuid());
  std::error_code error;
  for (fs::directory_iterator at(root / "proc", error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto uid = read_entry(at->path() / "status", "Uid:");
    if (uid && *uid == getuid()) count += read_entry(at->path() / "status", "Threads:").value_or(0);
  }
  return count;
}

/// The kernel exempts root, and users who may administer the system, from this limit.
void look_at_rlimit(Room& room, const fs::path& root) {
  rlimit limit{};
  if (getuid() == 0 || getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  room.take_tighter(limit.rlim_cur, threads_of_user(root), "RLIMIT_NPROC (ulimit -u)");
}

constexpr const char* kThreadRemedy =
    "Raise it, or use less: --num-workers and --train-threads set how many threads there are.";

std::string open_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return fmt::format(
      "Too many open files: RLIMIT_NOFILE (ulimit -n) is {}. Raise it, or use a smaller --num-workers.",
      limit.rlim_cur);
}

/// oneDNN's only message when it has no memory for a primitive; it has the same message for other reasons.
constexpr std::array kWordsOfPrimitives = {"could not create a primitive", "could not initialize a memory",
                                           "could not create a memory", "could not execute a primitive"};

/// Messages of torch, of the C++ library and of the system.
constexpr std::array kWordsOfMemory = {"DefaultCPUAllocator: can't allocate memory",
                                       "DefaultCPUAllocator: not enough memory", "std::bad_alloc",
                                       "Cannot allocate memory"};

/// A primitive takes a few hundred MB at most.
constexpr std::uint64_t kRoomOfPrimitives = std::uint64_t{1} << 30;

template <std::size_t kCount>
bool holds_any(std::string_view text, const std::array<const char*, kCount>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* each) { return text.find(each) != std::string_view::npos; });
}

std::string out_of_memory() {
  const MemoryRoom room = memory_room();
  return fmt::format(
      "Out of memory: {} are left, and {}. Use a smaller --batch-size, --buffer-size or --model-size.",
      format_bytes(room.bytes), room.limit.empty() ? "no limit is known" : room.limit);
}

/// Returns whether the error is a lack of memory, which torch reports only in its message.
bool is_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  const std::string_view text = error.what();
  return holds_any(text, kWordsOfMemory) ||
         (holds_any(text, kWordsOfPrimitives) && memory_room().bytes < kRoomOfPrimitives);
}

}  // namespace

std::string describe_thread_limit(const fs::path& root) {
  Room room;
  look_at_cgroups(room, root);
  look_at_rlimit(room, root);
  if (const auto most = read_number(root / "proc/sys/kernel/threads-max")) {
    const std::string load = first_line(root / "proc/loadavg").value_or("");  // "0.2 0.2 0.1 1/123 4567"
    const auto slash = load.find('/');
    std::uint64_t taken = 0;
    if (slash != std::string::npos)
      std::from_chars(load.data() + slash + 1, load.data() + load.size(), taken);
    room.take_tighter(*most, taken, "kernel.threads-max");
  }
  const MemoryRoom memory = memory_room(root);
  constexpr std::uint64_t kFewStacks = 256 << 20;
  if (room.left > 64 && memory.bytes < kFewStacks)
    return fmt::format("there is no memory for its stack: {} are left, and {}", format_bytes(memory.bytes),
                       memory.limit);
  return room.words.empty() ? "no limit is known" : room.words;
}

ThreadTrial::~ThreadTrial() {
  end();
}

void ThreadTrial::start(int count) {
  try {
    for (int i = 0; i < count; ++i) threads_.emplace_back([this] { wait(); });
  } catch (const std::system_error&) {
    const std::size_t had = threads_.size();
    end();  // so that these threads do not count as taken
    throw UsageError(
        fmt::format("{} threads are needed here at the same time, and only {} could be started: {}. {}",
                    count, had, describe_thread_limit(), kThreadRemedy));
  }
}

void ThreadTrial::wait() {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return over_; });
}

void ThreadTrial::end() noexcept {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  ended_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::optional<Error> limit_reached(const std::exception& error) {
  if (is_of_memory(error)) return UsageError(out_of_memory());
  const auto* failure = dynamic_cast<const std::system_error*>(&error);
  if (failure == nullptr) return std::nullopt;
  switch (failure->code().value()) {
    case EMFILE:
    case ENFILE:
      return UsageError(open_files());
    case ENOMEM:
      return UsageError(out_of_memory());
    case EAGAIN:
      return UsageError(fmt::format("A thread or process could not be started: {}. {}",
                                    describe_thread_limit(), kThreadRemedy));
    default:
      return std::nullopt;
  }
}

}  // namespace feedline

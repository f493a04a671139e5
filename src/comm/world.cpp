#include <feedline/comm/world.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace feedline {
namespace {

/// Longest meeting of live ranks, in seconds. A meeting waits for the slowest rank, and it takes time to open
/// a large folder or a large model. A death is noticed long before.
constexpr double kMeetingTimeout = 600;

/// The meeting that all ranks reach in the end, whatever happens to one of them.
constexpr const char* kLastMeeting = "all ranks to report";

/// Threads of Open MPI and PMIx, and this program's own before the first batch.
constexpr int kThreadsOfMpi = 4;

/// Least memory that MPI needs: with less of it, Open MPI crashes in MPI_Init.
constexpr std::uint64_t kMemoryOfMpi = 128 << 20;

/// Address space that glibc reserves when a thread first allocates memory, which a thread of MPI does at some
/// time.
constexpr std::uint64_t kArena = 64 << 20;

/// Returns the memory that MPI needs under the limit that memory_room() names.
std::uint64_t memory_needed(const MemoryRoom& room) {
  return room.limit.starts_with("RLIMIT_AS") ? kMemoryOfMpi + kArena : kMemoryOfMpi;
}

/// Ends this process before there is a world, when MPI cannot be left in an orderly way. A rank that ended by
/// itself has left word; then there is nothing more to report.
[[noreturn]] void leave_start(const Launch& launch, const StartEnd& end) {
  ExitCode code = end.code;
  const auto known = word_left();
  if (known && (code == ExitCode::kPeerLost || code == *known)) {
    code = *known;
  } else if (leave_word(code, end.message)) {
    code == ExitCode::kStopped ? log_info(end.message) : log_error(end.message);
  }
  note_exit_code(code);
  if (!ends_other_ranks()) kill_job_here(launch);
  if (end.launcher > 0) kill(end.launcher, SIGTERM);
  std::fflush(nullptr);
  _exit(static_cast<int>(code));
}

/// The limits of the start where address space is limited: Open MPI then waits indefinitely for a segment
/// that it cannot map.
StartLimits with_memory_limit(StartLimits limits, const Launch& launch) {
  if (launch.here != launch.size) return limits;  // ranks of other nodes may be late for other reasons
  if (MemoryRoom room = memory_room(); room.limit.starts_with("RLIMIT_AS"))
    limits.memory_limit = std::move(room.limit);
  return limits;
}

/// Throws when MPI was not started by this launcher: it then takes each rank for a single one.
void compare_with_launch(const Communicator& communicator, const Launch& launch) {
  if (communicator.size() == launch.size && communicator.rank() == launch.rank) return;
  throw UsageError(
      fmt::format("The environment says that this is rank {} of {}, but MPI knows it as rank {} of {}: "
                  "either these variables are "
                  "left over from another command (unset those that begin with PMI and OMPI), or Open MPI "
                  "and the launcher do not "
                  "fit: use Open MPI's mpirun, or `srun --mpi=pmix`.",
                  launch.rank, launch.size, communicator.rank(), communicator.size()));
}

struct Why {
  ExitCode code = ExitCode::kInternal;
  std::string message;
  std::size_t end = 0;  ///< Position where the text itself begins
};

/// Reads the beginning of a text of the last meeting: code, length of the message, message.
Why read_why(const std::string& text) {
  const std::size_t first = text.find('\n'), second = text.find('\n', first + 1);
  ensure(first != std::string::npos && second != std::string::npos, "a report that cannot be read");
  const std::size_t length = std::stoul(text.substr(first + 1, second - first - 1));
  return {static_cast<ExitCode>(std::stoi(text.substr(0, first))), text.substr(second + 1, length),
          second + 1 + length};
}

/// Holds a meeting of all ranks. Throws RemoteError when one of them has failed alone.
template <class Meet>
auto at_meeting(const Meet& meet) {
  try {
    return meet();
  } catch (const OtherMeeting& other) {
    if (other.meeting() != kLastMeeting) throw;
    const Why why = read_why(other.text());
    if (why.code == ExitCode::kDone) throw;
    throw RemoteError(why.code, why.message);
  }
}

}  // namespace

World::World(const Launch& launch, std::vector<GpuInfo> gpus, bool gpus_train, const StartLimits& limits)
    : launch_(launch), stopped_limit_(limits.stopped) {
  const RankInfo mine = local_rank_info(launch.rank, std::move(gpus), gpus_train);
  if (launch.size == 1) {
    topology_ = Topology({mine});
    return;
  }
  try {
    start_watch_.emplace(launch, with_memory_limit(limits, launch),
                         [launch](const StartEnd& end) { leave_start(launch, end); });
    if (const MemoryRoom room = memory_room(); room.bytes < memory_needed(room)) {
      throw UsageError(fmt::format("{} of memory are left, and MPI needs {}: {}. Raise it.",
                                   format_bytes(room.bytes), format_bytes(memory_needed(room)), room.limit));
    }
    ThreadTrial().start(kThreadsOfMpi);
  } catch (const std::exception& error) {
    const auto limit = limit_reached(error);
    leave_start(launch, {ExitCode::kUsage, limit ? limit->what() : error.what(), 0});
  }
  mpi_.emplace();
  communicator_.emplace();
  compare_with_launch(*communicator_, launch);
  topology_ = exchange_topology(*communicator_, mine, kMeetingTimeout);

  std::vector<Peer> neighbours;
  for (const RankInfo& info : topology_.ranks()) {
    if (info.rank != rank() && topology_.see_each_other(rank(), info.rank))
      neighbours.push_back({info.rank, info.pid});
  }
  monitor_.emplace(neighbours, [this](const Loss& loss) { peer_died(loss); });
  communicator_->watch_peers([this] {
    check_peers();
    check_stopped();
  });
  start_watch_->ranks_have_met();
}

std::vector<std::string> World::gather(const std::string& mine, const std::string& awaited) {
  if (!communicator_) return {mine};
  return at_meeting([&] { return communicator_->allgather(mine, kMeetingTimeout, awaited); });
}

std::string World::broadcast(const std::string& text, int root, const std::string& awaited) {
  if (!communicator_) return text;
  return at_meeting([&] { return communicator_->broadcast(text, root, kMeetingTimeout, awaited); });
}

std::vector<std::string> World::gather_last(const std::string& mine, ExitCode code,
                                            const std::string& message) {
  if (!communicator_) return {mine};
  const std::string why = fmt::format("{}\n{}\n{}", static_cast<int>(code), message.size(), message);
  for (;;) {
    try {
      auto texts = communicator_->allgather(why + mine, kMeetingTimeout, kLastMeeting);
      for (std::string& text : texts) text = text.substr(read_why(text).end);
      return texts;
    } catch (const OtherMeeting&) {  // the others learn by this that only the last meeting remains
    }
  }
}

void World::settle(const std::string& step, const std::optional<Error>& failure) {
  if (!communicator_) return;
  const Verdict verdict = at_meeting(
      [&] { return compare_notes(*communicator_, failure, kMeetingTimeout, "all ranks to " + step); });
  // Where several ranks failed alike, the first of them reports it.
  const bool told = failure && verdict.rank != rank() && verdict.code == failure->code();
  if (verdict.rank >= 0 && (!failure || told)) throw RemoteError(verdict.code, verdict.message);
}

void World::peer_died(const Loss& loss) {
  const std::lock_guard lock(mutex_);
  losses_.push_back(loss);
  for (const auto& notify : notify_) notify(loss);
  lost_.notify_all();
}

void World::on_loss(std::function<void(const Loss&)> notify) {
  const std::lock_guard lock(mutex_);
  for (const Loss& loss : losses_) notify(loss);
  notify_.push_back(std::move(notify));
}

bool World::is_lost(int rank) {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(losses_, [rank](const Loss& loss) { return loss.rank == rank; });
}

bool World::lost_any() {
  const std::lock_guard lock(mutex_);
  return !losses_.empty();
}

void World::check_peers() {
  const std::lock_guard lock(mutex_);
  if (!losses_.empty()) throw PeerError(losses_.front().message);
}

void World::end_begins(const std::vector<int>& awaited) {
  std::vector<Peer> seen;
  for (const int each : awaited) {
    if (topology_.see_each_other(rank(), each)) seen.push_back({each, topology_.rank(each).pid});
  }
  stopped_.emplace(std::move(seen), stopped_limit_);
}

void World::check_stopped() {
  if (!stopped_) return;
  if (const auto found = stopped_->look()) throw PeerError(*found);
}

void World::sleep_until(Clock::time_point when, const std::function<bool()>& enough) {
  constexpr auto kLook = std::chrono::milliseconds(20);
  std::unique_lock lock(mutex_);
  while (!enough() && Clock::now() < when) {
    lost_.wait_until(lock, std::min(when, Clock::now() + kLook), [&] { return !losses_.empty(); });
    if (!losses_.empty()) throw PeerError(losses_.front().message);
  }
}

void World::kill_neighbours() const noexcept {
  for (const RankInfo& info : topology_.ranks()) {
    if (info.rank != rank() && topology_.see_each_other(rank(), info.rank)) kill(info.pid, SIGKILL);
  }
}

void World::finish() {
  start_watch_.reset();
  monitor_.reset();
  notify_.clear();
  if (mpi_) mpi_->finalize();
}

}  // namespace feedline

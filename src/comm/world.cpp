#include <feedline/comm/world.hpp>

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace feedline {
namespace {

/// Meetings of live ranks wait for the slowest: opening a large folder or a large model takes its time. A
/// death is noticed long before.
constexpr double kMeetingTimeout = 600;

}  // namespace

World::World(const Launch& launch, std::vector<GpuInfo> gpus, bool gpus_train) : launch_(launch) {
  const RankInfo mine = local_rank_info(launch.rank, std::move(gpus), gpus_train);
  if (launch.size == 1) {
    topology_ = Topology({mine});
    return;
  }
  mpi_.emplace();
  communicator_.emplace();
  launch_.rank = communicator_->rank();
  launch_.size = communicator_->size();
  topology_ = exchange_topology(*communicator_, mine, kMeetingTimeout);

  std::vector<Peer> neighbours;
  for (const RankInfo& info : topology_.ranks()) {
    if (info.rank != rank() && topology_.see_each_other(rank(), info.rank))
      neighbours.push_back({info.rank, info.pid});
  }
  monitor_.emplace(neighbours, [this](const Loss& loss) { peer_died(loss); });
  communicator_->watch_peers([this] { check_peers(); });
}

std::vector<std::string> World::gather(const std::string& mine, const std::string& awaited) {
  if (!communicator_) return {mine};
  return communicator_->allgather(mine, kMeetingTimeout, awaited);
}

std::string World::broadcast(const std::string& text, int root, const std::string& awaited) {
  if (!communicator_) return text;
  return communicator_->broadcast(text, root, kMeetingTimeout, awaited);
}

void World::settle(const std::string& step, const std::optional<Error>& failure) {
  const Verdict verdict =
      communicator_ ? compare_notes(*communicator_, failure, kMeetingTimeout, "all ranks to " + step)
                    : Verdict{};
  if (!failure && verdict.rank >= 0) throw RemoteError(verdict.code, verdict.message);
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
  monitor_.reset();
  notify_.clear();
  if (mpi_) mpi_->finalize();
}

}  // namespace feedline

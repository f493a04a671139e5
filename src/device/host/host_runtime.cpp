#include "normalise.hpp"

#include <feedline/common/hash.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/device/host_runtime.hpp>

#include <cstring>
#include <utility>

namespace feedline {
namespace {

class HostMemory final : public DeviceMemory {
 public:
  HostMemory(Mapping memory, std::shared_ptr<std::atomic<std::size_t>> held)
      : DeviceMemory(memory.bytes()), memory_(std::move(memory)), held_(std::move(held)) {
    *held_ += bytes().size();
  }
  ~HostMemory() override { *held_ -= bytes().size(); }

 private:
  Mapping memory_;
  std::shared_ptr<std::atomic<std::size_t>> held_;
};

}  // namespace

std::uint64_t HostEvent::set() noexcept {
  const std::lock_guard lock(mutex_);
  return ++set_;
}

void HostEvent::reach(std::uint64_t recording) noexcept {
  const std::lock_guard lock(mutex_);
  reached_ = recording;
  time_ = Clock::now();
  changed_.notify_all();
}

void HostEvent::wait_until(std::uint64_t recording) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return reached_ >= recording; });
}

bool HostEvent::done() {
  const std::lock_guard lock(mutex_);
  return reached_ == set_;
}

void HostEvent::wait() {
  std::unique_lock lock(mutex_);
  const std::uint64_t recording = set_;
  changed_.wait(lock, [&] { return reached_ >= recording; });
}

Clock::duration HostEvent::since(Event& earlier) {
  auto& before = static_cast<HostEvent&>(earlier);
  const std::scoped_lock lock(mutex_, before.mutex_);
  return time_ - before.time_;
}

HostStream::HostStream() : thread_([this] { work_off(); }) {}

HostStream::~HostStream() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void HostStream::run(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(std::move(work));
  changed_.notify_all();
}

void HostStream::copy(std::byte* to, const std::byte* from, std::size_t bytes) {
  run([=] { std::memcpy(to, from, bytes); });
}

void HostStream::clear(std::byte* to, std::size_t bytes) {
  run([=] { std::memset(to, 0, bytes); });
}

void HostStream::add_row_sums(const RowsToSum& rows, std::uint64_t* sums) {
  run([=] {
    for (std::uint32_t i = 0; i < rows.count; ++i)
      sums[i] += sum64({rows.data + i * rows.row_bytes, rows.row_bytes}, rows.first_place);
  });
}

void HostStream::normalise(const Pictures& pictures, const Normalised& to) {
  run([=] { normalise_on_host(pictures, to); });
}

void HostStream::record(Event& event) {
  auto& mine = static_cast<HostEvent&>(event);
  run([&mine, recording = mine.set()] { mine.reach(recording); });
}

void HostStream::wait_for(Event& event) {
  auto& mine = static_cast<HostEvent&>(event);
  std::uint64_t recording = 0;
  {
    const std::lock_guard lock(mine.mutex_);
    recording = mine.set_;
  }
  run([&mine, recording] { mine.wait_until(recording); });
}

void HostStream::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return queue_.empty() && !working_; });
}

void HostStream::work_off() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return over_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    working_ = true;
    lock.unlock();
    work();
    lock.lock();
    working_ = false;
    changed_.notify_all();
  }
}

std::unique_ptr<Stream> HostRuntime::make_stream(StreamPriority) {
  return std::make_unique<HostStream>();
}

std::unique_ptr<Stream> HostRuntime::borrow_stream(void*) {
  return std::make_unique<HostStream>();
}

std::unique_ptr<Event> HostRuntime::make_event(EventKind) {
  return std::make_unique<HostEvent>();
}

std::unique_ptr<DeviceMemory> HostRuntime::allocate(std::size_t bytes) {
  return std::make_unique<HostMemory>(Mapping::anonymous(bytes), held_);
}

std::unique_ptr<DeviceMemory> HostRuntime::pin(std::span<std::byte> host) {
  return std::make_unique<DeviceMemory>(host);
}

}  // namespace feedline

#include <feedline/common/errors.hpp>
#include <feedline/transport/interleaved_receiver.hpp>

#include <algorithm>
#include <utility>

namespace feedline {

InterleavedReceiver::InterleavedReceiver(std::vector<std::shared_ptr<BatchReceiver>> receivers)
    : receivers_(std::move(receivers)) {
  ensure(!receivers_.empty(), "a stream without channels");
  for (const auto& each : receivers_) ensure(each->spec() == spec(), "channels of different batches");
}

std::size_t InterleavedReceiver::depth() const noexcept {
  std::size_t sum = 0;
  for (const auto& each : receivers_) sum += each->depth();
  return sum;
}

std::vector<std::span<std::byte>> InterleavedReceiver::memory() const {
  std::vector<std::span<std::byte>> all;
  for (const auto& each : receivers_) {
    const auto blocks = each->memory();
    all.insert(all.end(), blocks.begin(), blocks.end());
  }
  return all;
}

std::size_t InterleavedReceiver::ready() const noexcept {
  // Receiver k of those that follow has the batches at positions k, k + n, ...: the first missing one ends
  // the ready batches.
  std::size_t ready = ~std::size_t{0};
  for (std::size_t k = 0; k < receivers_.size(); ++k)
    ready = std::min(ready, of(next_ + k).ready() * receivers_.size() + k);
  return ready;
}

std::optional<Slot> InterleavedReceiver::receive() {
  const std::optional<Slot> batch = of(next_).receive();
  if (batch) batch->header().sequence = next_++;
  return batch;
}

void InterleavedReceiver::release(std::uint64_t sequence) {
  of(sequence).release(sequence / receivers_.size());
}

void InterleavedReceiver::interrupt() noexcept {
  for (const auto& each : receivers_) each->interrupt();
}

bool InterleavedReceiver::stop_asked() const noexcept {
  return std::ranges::any_of(receivers_, [](const auto& each) { return each->stop_asked(); });
}

void InterleavedReceiver::close() noexcept {
  for (const auto& each : receivers_) each->close();
}

void InterleavedReceiver::fail(const Failure& failure) noexcept {
  for (const auto& each : receivers_) each->fail(failure);
}

void InterleavedReceiver::start() {
  for (const auto& each : receivers_) each->start();
}

void InterleavedReceiver::join() noexcept {
  for (const auto& each : receivers_) each->join();
}

void InterleavedReceiver::lose_peer(const std::string& message) noexcept {
  for (const auto& each : receivers_) each->lose_peer(message);
}

/// Counts as published only the batches before the first missing one.
ChannelView InterleavedReceiver::view() const noexcept {
  ChannelView whole;
  whole.published = ~std::uint64_t{0};
  whole.open = whole.finished = true;
  for (std::size_t k = 0; k < receivers_.size(); ++k) {
    const ChannelView view = receivers_[k]->view();
    whole.published = std::min(whole.published, view.published * receivers_.size() + k);
    whole.released += view.released;
    whole.depth += view.depth;
    whole.open &= view.open;
    whole.finished &= view.finished;
    whole.stopping |= view.stopping;
  }
  return whole;
}

LinkStats InterleavedReceiver::stats() const {
  LinkStats sum;
  for (const auto& each : receivers_) {
    const LinkStats stats = each->stats();
    sum.batches += stats.batches;
    sum.bytes += stats.bytes;
    sum.seconds = std::max(sum.seconds, stats.seconds);
  }
  return sum;
}

}  // namespace feedline

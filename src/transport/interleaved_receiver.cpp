#include <feedline/common/errors.hpp>
#include <feedline/transport/interleaved_receiver.hpp>

#include <algorithm>
#include <utility>

namespace feedline {

InterleavedReceiver::InterleavedReceiver(std::vector<ReceivingEnd> ends) : ends_(std::move(ends)) {
  ensure(!ends_.empty(), "a stream without channels");
  for (const auto& each : ends_) ensure(each.batches->spec() == spec(), "channels of different batches");
}

std::size_t InterleavedReceiver::depth() const noexcept {
  std::size_t sum = 0;
  for (const auto& each : ends_) sum += each.batches->depth();
  return sum;
}

std::size_t InterleavedReceiver::ready() const noexcept {
  // Receiver k of those that follow has the batches at positions k, k + n, ...: the first missing one ends
  // the ready batches.
  std::size_t ready = ~std::size_t{0};
  for (std::size_t k = 0; k < ends_.size(); ++k)
    ready = std::min(ready, of(next_ + k).ready() * ends_.size() + k);
  return ready;
}

BatchLease InterleavedReceiver::receive() {
  BatchLease batch = of(next_).receive();
  if (!batch) return batch;
  return std::move(batch).numbered(next_++);
}

void InterleavedReceiver::ask_stop() noexcept {
  for (const auto& each : ends_) each.control->ask_stop();
}

void InterleavedReceiver::close() noexcept {
  for (const auto& each : ends_) each.batches->close();
}

void InterleavedReceiver::fail(const Failure& failure) noexcept {
  for (const auto& each : ends_) each.batches->fail(failure);
}

void InterleavedReceiver::start() {
  for (const auto& each : ends_) each.control->start();
}

void InterleavedReceiver::join() noexcept {
  for (const auto& each : ends_) each.control->join();
}

void InterleavedReceiver::lose_peer(const std::string& message) noexcept {
  for (const auto& each : ends_) each.control->lose_peer(message);
}

/// Counts as published only the batches before the first missing one.
ChannelView InterleavedReceiver::view() const noexcept {
  ChannelView whole;
  whole.published = ~std::uint64_t{0};
  whole.open = whole.finished = true;
  for (std::size_t k = 0; k < ends_.size(); ++k) {
    const ChannelView view = ends_[k].control->view();
    whole.published = std::min(whole.published, view.published * ends_.size() + k);
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
  for (const auto& each : ends_) {
    const LinkStats stats = each.control->stats();
    sum.batches += stats.batches;
    sum.bytes += stats.bytes;
    sum.seconds = std::max(sum.seconds, stats.seconds);
  }
  return sum;
}

std::vector<std::span<std::byte>> InterleavedReceiver::memory() const {
  std::vector<std::span<std::byte>> all;
  for (const auto& each : ends_) {
    const auto blocks = each.control->memory();
    all.insert(all.end(), blocks.begin(), blocks.end());
  }
  return all;
}

}  // namespace feedline

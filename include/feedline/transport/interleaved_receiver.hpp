#pragma once

#include <feedline/transport/channel.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace feedline {

/// A stream whose batches come from several senders in turn: batch 0 from the first, batch 1 from the second,
/// and so on. Each sender numbers its own batches from 0; received batches have their numbers in the whole
/// stream. Each channel has its own watchdog and loses its peer independently.
class InterleavedReceiver final : public BatchReceiver {
 public:
  /// Takes at least one receiver; all must have the same spec.
  explicit InterleavedReceiver(std::vector<std::shared_ptr<BatchReceiver>> receivers);

  const BatchSpec& spec() const noexcept override { return receivers_.front()->spec(); }
  std::size_t depth() const noexcept override;
  std::vector<std::span<std::byte>> memory() const override;
  std::size_t ready() const noexcept override;
  std::optional<Slot> receive() override;
  bool wait_ready() override { return of(next_).wait_ready(); }
  void release(std::uint64_t sequence) override;
  void interrupt() noexcept override;
  bool stop_asked() const noexcept override;
  void close() noexcept override;
  void fail(const Failure& failure) noexcept override;
  void start() override;
  void join() noexcept override;
  void lose_peer(const std::string& message) noexcept override;
  ChannelView view() const noexcept override;
  LinkStats stats() const override;

 private:
  BatchReceiver& of(std::uint64_t sequence) const { return *receivers_[sequence % receivers_.size()]; }

  std::vector<std::shared_ptr<BatchReceiver>> receivers_;
  std::uint64_t next_ = 0;
};

}  // namespace feedline

#pragma once

#include <feedline/transport/channel_control.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

/// A stream whose batches come from several senders in turn: batch 0 from the first, batch 1 from the second,
/// and so on. Each sender numbers its own batches from 0, and so do their headers; a lease has the number in
/// the whole stream. The control is that of all channels together; each channel has its own watchdog and
/// loses its peer independently.
class InterleavedReceiver final : public BatchReceiver, public ChannelControl {
 public:
  /// Takes at least one receiver; all must have the same spec.
  explicit InterleavedReceiver(std::vector<ReceivingEnd> ends);

  const BatchSpec& spec() const noexcept override { return ends_.front().batches->spec(); }
  std::size_t depth() const noexcept override;
  std::size_t ready() const noexcept override;
  BatchLease receive() override;
  bool wait_ready() override { return of(next_).wait_ready(); }
  void close() noexcept override;
  void fail(const Failure& failure) noexcept override;

  void start() override;
  void join() noexcept override;
  void lose_peer(const std::string& message) noexcept override;
  ChannelView view() const noexcept override;
  void ask_stop() noexcept override;
  LinkStats stats() const override;
  std::vector<std::span<std::byte>> memory() const override;

 private:
  BatchReceiver& of(std::uint64_t sequence) const { return *ends_[sequence % ends_.size()].batches; }

  std::vector<ReceivingEnd> ends_;
  std::uint64_t next_ = 0;
};

}  // namespace feedline

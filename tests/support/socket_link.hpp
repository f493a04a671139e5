#pragma once

#include <feedline/comm/device_link.hpp>
#include <feedline/comm/socket_stream.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/device/host_runtime.hpp>

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace feedline::testing {

/// A DeviceLink between the stand-ins for devices of two threads or processes: transfers are done by the
/// streams that they are asked of, each ends when the other end has it (or `end_early`), and the death of the
/// other end is not noticed, as over NCCL within a node. A test may hold it up, damage what it sends and have
/// it stall.
class SocketLink final : public DeviceLink {
 public:
  explicit SocketLink(UniqueFd socket) : socket_(std::move(socket)) {}
  ~SocketLink() override { abort(); }

  static std::array<std::shared_ptr<SocketLink>, 2> pair() {
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0) throw_errno("socketpair");
    return {std::make_shared<SocketLink>(UniqueFd(fds[0])), std::make_shared<SocketLink>(UniqueFd(fds[1]))};
  }

  void send(std::span<const std::byte> block, Stream& stream) override {
    begin();
    const std::uint64_t number = sent_++;
    run_on(stream, [this, block, number] {
      if (number >= stalled_from_) return hang();
      slow_.wait(true);
      std::vector<std::byte> copy(block.begin(), block.end());
      if (number == damaged_ || number == also_damaged_) copy[copy.size() / 2] ^= std::byte{1};
      const std::uint64_t size = copy.size();
      std::byte received{};
      if (!give(std::as_bytes(std::span(&size, 1))) || !give(copy)) return hang();
      if (!early_ && !take(std::span(&received, 1))) hang();
    });
  }

  void receive(std::span<std::byte> block, Stream& stream) override {
    begin();
    run_on(stream, [this, block] {
      std::uint64_t size = 0;
      const std::byte received{};
      if (!take(std::as_writable_bytes(std::span(&size, 1)))) return hang();
      if (size != block.size()) unlike_ = true;
      if (unlike_ || !take(block) || !give(std::span(&received, 1))) hang();
    });
  }

  bool ready() override {
    if (unlike_) throw PeerError("The two ends asked for transfers of different sizes.");
    if (broken_) throw DeviceError("Rank 0 failed to copy 1.0 KiB on cuda:0.");
    if (held_) return false;
    asked_ = false;
    return true;
  }

  void abort() noexcept override {
    slow_down(false);
    ::shutdown(socket_.get(), SHUT_RDWR);
    aborted_ = true;
    aborted_.notify_all();
  }

  bool aborted() const noexcept { return aborted_; }

  /// From now on it is not ready, or is again.
  void hold(bool held = true) { held_ = held; }

  /// From now on the device fails.
  void break_device() { broken_ = true; }

  /// The transfers of these numbers, from 0, are sent with a wrong bit. Before they begin.
  void damage(std::uint64_t number, std::uint64_t also = kNone) {
    also_damaged_ = also;
    damaged_ = number;
  }

  /// Transfers that begin now take until this is called with false.
  void slow_down(bool slow = true) {
    slow_ = slow;
    slow_.notify_all();
  }

  /// What is sent counts as sent before the other end has it, as small blocks do over NCCL. Before the first.
  void end_early() { early_ = true; }

  /// Transfers from that number on never end.
  void stall_from(std::uint64_t number) { stalled_from_ = number; }

 private:
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};

  void begin() {
    ensure(!asked_, "a link that was not ready was asked for a transfer");
    asked_ = true;
  }

  template <class Work>
  void run_on(Stream& stream, Work work) {
    static_cast<HostStream&>(stream).run(work);
  }

  /// What a transfer does whose other end never comes.
  void hang() { aborted_.wait(false); }

  bool give(std::span<const std::byte> bytes) { return send_all(socket_.get(), bytes); }
  bool take(std::span<std::byte> bytes) { return receive_all(socket_.get(), bytes); }

  UniqueFd socket_;
  bool asked_ = false;
  std::uint64_t sent_ = 0;
  std::atomic<bool> aborted_{false}, held_{false}, unlike_{false}, broken_{false}, slow_{false},
      early_{false};
  std::atomic<std::uint64_t> damaged_{kNone}, also_damaged_{kNone}, stalled_from_{kNone};
};

}  // namespace feedline::testing

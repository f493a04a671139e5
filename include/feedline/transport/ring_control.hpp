#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// The state of one end of a ring.
enum class EndState : std::uint32_t { kOpen = 0, kFinished = 1, kFailed = 2, kLost = 3 };

/// The state that one end of a ring shares with the other. It lies in memory that both may map from different
/// processes, so it holds only lock-free atomics and plain bytes, and waits by futex without the private
/// flag.
class alignas(128) RingEnd {
 public:
  /// The number of batches published (by the sender) or released (by the receiver) so far.
  std::uint64_t count() const noexcept { return count_.load(std::memory_order_acquire); }
  EndState state() const noexcept { return static_cast<EndState>(state_.load(std::memory_order_acquire)); }

  /// The reason why this end failed or was lost; valid only after `state()` reported it.
  ExitCode failure_code() const noexcept { return static_cast<ExitCode>(reason(state()).code); }
  std::string failure_message() const { return reason(state()).message.data(); }

  /// One thread may write it.
  void set_count(std::uint64_t count) noexcept;

  /// The first state other than kOpen is kept. Any thread of either process. A long message is cut between
  /// two UTF-8 characters.
  void set_state(EndState state, ExitCode code = ExitCode::kDone, const char* message = "") noexcept;

  /// The value of `beats` for an end that gives no signs of life.
  static constexpr std::uint64_t kNoBeats = ~std::uint64_t{0};

  /// Shows that the process of this end is alive and running. One thread may call it.
  void beat() noexcept { beats_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t beats() const noexcept { return beats_.load(std::memory_order_relaxed); }

  /// Marks that the process of this end was asked to stop. Any thread.
  void ask_stop() noexcept {
    stop_asked_.store(1, std::memory_order_release);
    wake();
  }
  bool stop_asked() const noexcept { return stop_asked_.load(std::memory_order_acquire) != 0; }

  /// Requests batch `sequence`, which arrived damaged, again. The request stands until it is answered, and
  /// its removal is the answer; so it survives a sender that another one replaces.
  void want_again(std::uint64_t sequence) noexcept { wanted_.store(sequence + 1, std::memory_order_release); }
  std::optional<std::uint64_t> resend_request() const noexcept {
    const std::uint64_t wanted = wanted_.load(std::memory_order_acquire);
    return wanted > 0 ? std::optional(wanted - 1) : std::nullopt;
  }
  void forget_wanted() noexcept { wanted_.store(0, std::memory_order_release); }

  /// Reopens this end after it was lost, with its count unchanged, for another sender that takes its place.
  /// Only when the lost one can no longer use it.
  void take_over() noexcept;

  /// Wakes every thread that waits on this end, without a change; async-signal-safe.
  void wake() noexcept;

  /// Returns a ticket for `wait`. It must be taken before the condition is checked, so that no wake-up is
  /// lost.
  std::uint32_t ticket() const noexcept { return event_.load(std::memory_order_seq_cst); }

  /// Sleeps until something has changed since `ticket` or `longest` has passed; may also return early.
  void wait(std::uint32_t ticket, Clock::duration longest) noexcept;

 private:
  struct Reason {
    std::atomic<std::uint32_t> taken{0};
    std::int32_t code = 0;
    std::array<char, 984> message{};
  };

  const Reason& reason(EndState state) const noexcept { return state == EndState::kLost ? lost_ : failed_; }

  std::atomic<std::uint64_t> count_{0};
  std::atomic<std::uint32_t> event_{0};
  std::atomic<std::uint32_t> waiters_{0};
  std::atomic<std::uint32_t> state_{0};
  std::atomic<std::uint32_t> stop_asked_{0};
  std::atomic<std::uint64_t> beats_{0};
  std::atomic<std::uint64_t> wanted_{0};
  // Separate from each other: a process killed while it writes the reason of its failure must not keep the
  // other process from recording the loss.
  Reason failed_;
  Reason lost_;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
              std::atomic<std::uint32_t>::is_always_lock_free);

/// The head of a ring in memory: its identity, and its two ends on cache lines of their own.
struct RingControl {
  static constexpr std::uint64_t kMagic = 0x31474E4952464446;  // "FDFRING1"

  std::uint64_t magic = kMagic;
  std::uint64_t depth = 0;
  std::uint64_t slot_bytes = 0;
  std::uint64_t token = 0;  ///< Distinguishes this ring from any other on the machine
  RingEnd sender;
  RingEnd receiver;
};

}  // namespace feedline

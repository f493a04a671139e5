#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// How one end of a ring stands.
enum class EndState : std::uint32_t { kOpen = 0, kFinished = 1, kFailed = 2, kLost = 3 };

/// What one end of a ring tells the other. Lies in memory that both may map from different processes, so it
/// holds lock-free atomics and plain bytes only, and waits by futex without the private flag.
class alignas(128) RingEnd {
 public:
  /// Batches published (by the sender) or released (by the receiver) so far.
  std::uint64_t count() const noexcept { return count_.load(std::memory_order_acquire); }
  EndState state() const noexcept { return static_cast<EndState>(state_.load(std::memory_order_acquire)); }

  /// Why it failed or was lost; only after `state()` said so.
  ExitCode failure_code() const noexcept { return static_cast<ExitCode>(reason(state()).code); }
  std::string failure_message() const { return reason(state()).message.data(); }

  /// One writer.
  void set_count(std::uint64_t count) noexcept;

  /// The first state that is not kOpen stays. Any thread of either process. A long message is cut between two
  /// characters of UTF-8.
  void set_state(EndState state, ExitCode code = ExitCode::kDone, const char* message = "") noexcept;

  /// The number of beats of an end that gives none.
  static constexpr std::uint64_t kNoBeats = ~std::uint64_t{0};

  /// Shows that this end's process is alive and runs; one writer.
  void beat() noexcept { beats_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t beats() const noexcept { return beats_.load(std::memory_order_relaxed); }

  /// That somebody asked this end's process to stop. Any thread.
  void ask_stop() noexcept {
    stop_asked_.store(1, std::memory_order_release);
    wake();
  }
  bool stop_asked() const noexcept { return stop_asked_.load(std::memory_order_acquire) != 0; }

  /// A request for batch `sequence` once more, which arrived damaged. It stands until it is answered: that it
  /// stands no more is the answer. So it is not lost with a sender that another takes the place of.
  void want_again(std::uint64_t sequence) noexcept { wanted_.store(sequence + 1, std::memory_order_release); }
  std::optional<std::uint64_t> wanted_again() const noexcept {
    const std::uint64_t wanted = wanted_.load(std::memory_order_acquire);
    return wanted > 0 ? std::optional(wanted - 1) : std::nullopt;
  }
  void forget_wanted() noexcept { wanted_.store(0, std::memory_order_release); }

  /// Begins this end anew after it was lost, with its count as it is: another takes its place. Only when
  /// nobody can use it any more.
  void take_over() noexcept;

  /// Wakes whoever waits on this end, without a change; async-signal-safe.
  void wake() noexcept;

  /// A ticket for `wait`: taken before the condition is looked at, so that no wake-up is lost.
  std::uint32_t ticket() const noexcept { return event_.load(std::memory_order_seq_cst); }

  /// Sleeps until something changed since `ticket` or `longest` has passed; may also return early.
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
  // Apart from each other: a process killed while it writes why it failed must not keep the other from noting
  // its loss.
  Reason failed_;
  Reason lost_;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
              std::atomic<std::uint32_t>::is_always_lock_free);

/// The head of a ring in memory: what it is, and its two ends on cache lines of their own.
struct RingControl {
  static constexpr std::uint64_t kMagic = 0x31474E4952464446;  // "FDFRING1"

  std::uint64_t magic = kMagic;
  std::uint64_t depth = 0;
  std::uint64_t slot_bytes = 0;
  std::uint64_t token = 0;  ///< tells this ring from any other on the machine
  RingEnd sender;
  RingEnd receiver;
};

}  // namespace feedline

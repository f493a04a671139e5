#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Faults that are made on purpose, to see that a run survives them. A text of entries parted by ';', each at
/// most once in a process but for the last two kinds:
///
///     kill:rank0@batch=120      SIGKILL to that rank, when it has handed over (or consumed) so many batches
///     term:rank1@batch=120      SIGTERM likewise
///     stop:rank0@batch=50,3s    SIGSTOP, and SIGCONT 3 s later; without a time: never
///     flip:batch=7              one bit of that batch's payload, on its way between two processes
///     crash:sample=17           the process that loads that sample aborts; hang:sample=17: it never returns
///     enospc@save=2             the second checkpoint finds the disk full
///     slow-read:20ms            every sample takes so much longer to load
///     eio:every=97              every so many loads fail once, as a disk's do
///
/// Batches are those of this process, from 1. Thread rule: const, for any number of threads.
class FaultPlan {
 public:
  FaultPlan() = default;

  /// Throws UsageError naming the entry that is none.
  explicit FaultPlan(const std::string& text);

  /// That of the variable FEEDLINE_FAULT; none when it is not set.
  static FaultPlan from_environment();

  bool empty() const noexcept { return entries_.empty(); }

  /// Does to this process, which is rank `rank`, what is to be done after its batch number `batch`.
  void after_batch(int rank, std::uint64_t batch) const;

  /// Whether batch number `batch` is to be damaged.
  bool flips(std::uint64_t batch) const noexcept;

  /// Throws std::filesystem::filesystem_error (no space) when this save is to fail.
  void before_save(std::uint64_t save) const;

  std::chrono::milliseconds read_delay() const noexcept;

  /// 0: never.
  std::uint64_t failing_reads() const noexcept;

  /// Whether any entry is about the loading of samples.
  bool touches_samples() const noexcept;

  /// Aborts or hangs when it is to happen at this sample.
  void at_sample(std::uint64_t id) const;

 private:
  enum class Kind { kKill, kTerm, kStop, kFlip, kCrash, kHang, kNoSpace, kSlowRead, kReadError };

  struct Entry {
    Kind kind;
    int rank = -1;
    std::uint64_t number = 0;                       ///< of the batch, save or sample
    std::optional<std::chrono::milliseconds> time;  ///< a delay
  };

  static Entry parse(const std::string& text);
  static std::optional<Entry> parse_at_batch(const std::string& text);
  static std::optional<Entry> parse_numbered(const std::string& text);
  const Entry* find(Kind kind) const noexcept;
  const Entry* find(Kind kind, std::uint64_t number) const noexcept;

  std::vector<Entry> entries_;
};

}  // namespace feedline

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// Faults that are injected on purpose, to test that a run survives them. The text is a list of entries
/// separated by ';'. Each fault occurs at most once in a process, except the last two kinds:
///
///     kill:rank0@batch=120      sends SIGKILL to rank 0 once it has handed over (or consumed) 120 batches
///     term:rank1@batch=120      sends SIGTERM in the same way
///     stop:rank0@batch=50,3s    sends SIGSTOP, and SIGCONT 3 s later; without a time there is no SIGCONT
///     flip:batch=7              flips one bit of the payload of batch 7 on its way between two processes
///     crash:sample=17           aborts the process that loads sample 17
///     hang:sample=17            makes the load of sample 17 never return
///     enospc@save=2             makes the second checkpoint find the disk full
///     slow-read:20ms            makes every sample take 20 ms longer to load
///     eio:every=97              makes every 97th load fail once, as a disk does
///
/// Batches are counted per process, from 1. Thread rule: const, any number of threads may use it.
class FaultPlan {
 public:
  FaultPlan() = default;

  /// Throws a UsageError that names the first invalid entry.
  explicit FaultPlan(const std::string& text);

  /// Returns the plan in the variable FEEDLINE_FAULT, or an empty plan when it is not set.
  static FaultPlan from_environment();

  bool empty() const noexcept { return entries_.empty(); }

  /// Sends this process, which is rank `rank`, the signals that are planned after its batch number `batch`.
  void after_batch(int rank, std::uint64_t batch) const;

  /// Returns whether batch number `batch` is to be damaged.
  bool flips(std::uint64_t batch) const noexcept;

  /// Throws std::filesystem::filesystem_error (no space) when save number `save` is to fail.
  void before_save(std::uint64_t save) const;

  std::chrono::milliseconds read_delay() const noexcept;

  /// Returns N where every Nth load is to fail, or 0 for no failures.
  std::uint64_t failing_reads() const noexcept;

  /// Returns whether any entry affects the loading of samples.
  bool touches_samples() const noexcept;

  /// Aborts the process or hangs when the plan says so for this sample.
  void at_sample(std::uint64_t id) const;

 private:
  enum class Kind { kKill, kTerm, kStop, kFlip, kCrash, kHang, kNoSpace, kSlowRead, kReadError };

  struct Entry {
    Kind kind;
    int rank = -1;
    std::uint64_t number = 0;                       ///< Number of the batch, save or sample
    std::optional<std::chrono::milliseconds> time;  ///< Delay before SIGCONT, or added to each load
  };

  static Entry parse(const std::string& text);
  static std::optional<Entry> parse_at_batch(const std::string& text);
  static std::optional<Entry> parse_numbered(const std::string& text);
  const Entry* find(Kind kind) const noexcept;
  const Entry* find(Kind kind, std::uint64_t number) const noexcept;

  std::vector<Entry> entries_;
};

}  // namespace feedline

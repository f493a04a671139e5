#pragma once

#include <feedline/data/refusals.hpp>
#include <feedline/data/sample_error.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace feedline {

/// What is done about a sample that cannot be used.
enum class BadSamplePolicy {
  kReplace,  ///< another sample takes its place: batches keep their size
  kSkip,     ///< its batch is one sample smaller
  kAbort     ///< the run ends
};

/// The bad samples of a run: each is told once, on stderr and in a file; too many end the run.
///
/// Thread rule: any thread.
class BadSamples {
 public:
  struct Counts {
    std::uint64_t replaced = 0;  ///< rows of batches that show another sample
    std::uint64_t skipped = 0;   ///< rows that batches lack
    std::uint64_t files = 0;     ///< different samples that were bad
  };

  static constexpr double kMostShare = 0.05;

  /// Of a run over `samples` samples. `list` is the file that tells them, one JSON object a line; an older
  /// one is removed, unless `go_on`. None: no file. More than `most_share` (0 to 1) of all bad ones end the
  /// run.
  BadSamples(BadSamplePolicy policy, std::uint64_t samples, std::optional<std::filesystem::path> list = {},
             bool go_on = false, double most_share = kMostShare);

  BadSamplePolicy policy() const noexcept { return policy_; }

  /// Notes that a sample was bad. Throws DataError, which names the first five, when more than a hundred in a
  /// row were, or more than the share of all that may be, or when the policy is kAbort.
  void note(const SampleError& error, std::uint32_t epoch);

  /// Notes that a sample was good.
  void note_good() noexcept {
    if (in_a_row_.load(std::memory_order_relaxed) != 0) in_a_row_.store(0, std::memory_order_relaxed);
  }

  void count_replaced() noexcept { replaced_.fetch_add(1, std::memory_order_relaxed); }
  void count_skipped() noexcept { skipped_.fetch_add(1, std::memory_order_relaxed); }

  Counts counts() const;

  /// The bad ones by reason, a line each, with the first names; empty: there were none.
  std::string by_reason() const;

 private:
  void tell(const SampleError& error, std::uint32_t epoch);
  void check_limits() const;

  BadSamplePolicy policy_;
  std::uint64_t samples_;
  double most_share_;
  std::optional<std::filesystem::path> list_;
  std::atomic<std::uint64_t> in_a_row_{0}, replaced_{0}, skipped_{0};
  mutable std::mutex mutex_;
  std::unordered_set<std::string> told_;
  std::vector<std::string> first_;  ///< of them, with their reasons
  Refusals refusals_;
};

}  // namespace feedline

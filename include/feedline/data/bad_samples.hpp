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

/// The action taken for a bad sample.
enum class BadSamplePolicy {
  kReplace,  ///< Another sample takes its place: batches keep their size
  kSkip,     ///< Its batch is one sample smaller
  kAbort     ///< The run ends
};

/// The bad samples of a run: each is reported once, on stderr and in a file; too many end the run.
class BadSamples {
 public:
  struct Counts {
    std::uint64_t replaced = 0;  ///< Rows of batches that show another sample
    std::uint64_t skipped = 0;   ///< Rows that batches lack
    std::uint64_t files = 0;     ///< Different bad samples
  };

  static constexpr double kMostShare = 0.05;

  /// For a run over `samples` samples. `list` is the file that reports them, one JSON object per line; an
  /// older file is removed, unless `go_on`. Empty: no file. The run ends when more than `most_share` (0 to 1)
  /// of all samples are bad.
  BadSamples(BadSamplePolicy policy, std::uint64_t samples, std::optional<std::filesystem::path> list = {},
             bool go_on = false, double most_share = kMostShare);

  BadSamplePolicy policy() const noexcept { return policy_; }

  /// Records a bad sample. Throws DataError, which names the first five, when more than a hundred in a row or
  /// more than the allowed share of all were bad, or when the policy is kAbort.
  void note(const SampleError& error, std::uint32_t epoch);

  /// Records a good sample.
  void note_good() noexcept {
    if (in_a_row_.load(std::memory_order_relaxed) != 0) in_a_row_.store(0, std::memory_order_relaxed);
  }

  void count_replaced() noexcept { replaced_.fetch_add(1, std::memory_order_relaxed); }
  void count_skipped() noexcept { skipped_.fetch_add(1, std::memory_order_relaxed); }

  Counts counts() const;

  /// The bad samples by reason, one line each, with the first names; empty when there are none.
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
  std::vector<std::string> first_;  ///< First bad samples, with their reasons
  Refusals refusals_;
};

}  // namespace feedline

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

/// The figures that `feedline probe` measures. Rates are in samples per second, times in seconds.
struct ProbeFigures {
  std::uint32_t batch_size = 1;
  std::uint64_t batch_bytes = 0;
  std::uint64_t train_size = 0;
  int cores = 1;
  double read_cold_s = 0, read_s = 0, decode_s = 0, transform_s = 0;  ///< Times of one sample on one core
  double input_one = 0;                                               ///< Rate of one worker
  double input_all = 0;  ///< Rate of all workers with no other load
  /// Rate of all workers once the cache holds every sample; 0 if there is no such cache
  double input_cached = 0;
  double training = 0;       ///< Rate of training with batches held in memory: the ceiling
  double buffered = 0;       ///< Rate of input and training at the same time, with a buffer between them
  double buffered_busy = 0;  ///< Share of that time in which training worked
  bool training_uses_cpu = false;
  double link = 0;  ///< Bytes per second over the channel between two ranks of this machine
};

/// Returns the figures with a true ceiling: training beside its input can be measured faster than training
/// alone if the machine's pace changed in between.
ProbeFigures with_true_ceiling(ProbeFigures figures);

/// The rate of one way to run, and the share of the time in which its training works.
struct Prediction {
  std::string mode;  ///< Mode: "plain", "buffered", "buffered_cached", "two_ranks", "data_parallel_2"
  std::string words;
  double samples_per_s = 0;
  double busy = 0;
};

/// Predicts every way to run, in the order in which they are shown. Bottleneck analysis: the slowest of the
/// stages that go on at the same time sets the pace (Lazowska et al., "Quantitative System Performance",
/// 1984, chapter 5).
std::vector<Prediction> predict(const ProbeFigures& figures);

/// The settings that the figures suggest.
struct Recommendation {
  bool two_ranks = false;
  int workers = 1;
  std::string cache;  ///< Value of --cache; empty to leave it as it is
  std::string why;
};

Recommendation recommend(const ProbeFigures& figures);

}  // namespace feedline

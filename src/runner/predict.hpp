#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace feedline {

/// What `feedline probe` measured. Rates are samples a second, times are seconds.
struct ProbeFigures {
  std::uint32_t batch_size = 1;
  std::uint64_t batch_bytes = 0;
  std::uint64_t train_size = 0;
  int cores = 1;
  double read_cold_s = 0, read_s = 0, decode_s = 0, transform_s = 0;  ///< of one sample on one core
  double input_one = 0;                                               ///< rate of one worker
  double input_all = 0;      ///< of all workers, with nothing else to do
  double input_cached = 0;   ///< of all workers once the cache holds every sample; 0: there is no such cache
  double training = 0;       ///< with batches held in memory: the ceiling
  double buffered = 0;       ///< both at the same time, a buffer between them
  double buffered_busy = 0;  ///< share of that time in which training worked
  bool training_uses_cpu = false;
  double link = 0;  ///< bytes a second over the channel between two ranks of this machine
};

/// The figures with a ceiling that holds: training beside its input may be measured faster than training
/// alone, where the machine's pace changed in between.
ProbeFigures with_true_ceiling(ProbeFigures figures);

/// How fast a way to run will be, and which share of the time its training works.
struct Prediction {
  std::string mode;  ///< "plain", "buffered", "buffered_cached", "two_ranks", "data_parallel_2"
  std::string words;
  double samples_per_s = 0;
  double busy = 0;
};

/// Every way to run, in the order in which they are shown. Bottleneck analysis: the slowest of the stages
/// that go on at the same time sets the pace (Lazowska et al., "Quantitative System Performance", 1984,
/// chapter 5).
std::vector<Prediction> predict(const ProbeFigures& figures);

/// The settings that the figures ask for.
struct Recommendation {
  bool two_ranks = false;
  int workers = 1;
  std::string cache;  ///< value of --cache; empty: leave it
  std::string why;
};

Recommendation recommend(const ProbeFigures& figures);

}  // namespace feedline

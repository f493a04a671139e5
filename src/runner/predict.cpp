#include "predict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace feedline {
namespace {

/// The input is to be so much faster than training, to hide what varies.
constexpr double kMargin = 1.2;

/// Less gain is not worth another way to run.
constexpr double kWorthIt = 1.05;

Prediction make(const ProbeFigures& figures, const char* mode, const char* words, double rate,
                int trainers = 1) {
  return {mode, words, rate, std::min(1.0, rate / (figures.training * trainers))};
}

/// Nothing goes on at the same time: the times add up.
double in_turn(double one, double other) {
  return 1 / (1 / one + 1 / other);
}

/// With training on the CPU both share its cores, in one process or two: what was measured together holds.
double two_ranks(const ProbeFigures& f) {
  if (f.training_uses_cpu) return f.buffered;
  const double link = f.link > 0 ? f.link / static_cast<double>(f.batch_bytes) * f.batch_size : f.input_all;
  return std::min({f.input_all, f.training, link});
}

/// The share of the cores that training leaves to the input stays what it was.
double cached(const ProbeFigures& f) {
  return f.training_uses_cpu ? in_turn(f.input_cached, f.training) : std::min(f.input_cached, f.training);
}

}  // namespace

ProbeFigures with_true_ceiling(ProbeFigures figures) {
  figures.training = std::max(figures.training, figures.buffered);
  return figures;
}

std::vector<Prediction> predict(const ProbeFigures& f) {
  std::vector<Prediction> list;
  list.push_back(
      make(f, "plain", "no buffer: prepare a batch, then train on it", in_turn(f.input_all, f.training)));
  list.push_back({"buffered", "one rank with a buffer", f.buffered, f.buffered_busy});
  if (f.input_cached > 0) {
    list.push_back(make(f, "buffered_cached", "the same, from the second epoch on, with --cache decoded",
                        std::max(f.buffered, cached(f))));
  }
  list.push_back(make(f, "two_ranks", "mpirun -np 2: a rank that prepares data", two_ranks(f)));
  list.push_back(make(f, "data_parallel_2",
                      "two GPUs that both train, fed by these cores, which feedline does not do yet",
                      std::min(f.input_all, 2 * f.training), 2));
  return list;
}

Recommendation recommend(const ProbeFigures& f) {
  Recommendation result;
  const double needed = std::ceil(kMargin * f.training / std::max(f.input_one, 1e-9));
  result.workers = static_cast<int>(std::clamp(needed, 1.0, static_cast<double>(f.cores)));
  if (f.buffered * kWorthIt >= f.training) {
    result.why =
        fmt::format("the input keeps up: {:.0f} of at most {:.0f} samples/s", f.buffered, f.training);
    return result;
  }
  const bool cache_helps = f.input_cached > 0 && cached(f) > f.buffered * kWorthIt;
  const double pace = cache_helps ? cached(f) : f.buffered;
  if (cache_helps) result.cache = "decoded";
  result.two_ranks = two_ranks(f) > pace * kWorthIt;
  result.why = cache_helps
                   ? fmt::format(
                         "the first epoch waits for the input ({:.0f} samples/s), later ones come from "
                         "the cache ({:.0f} samples/s)",
                         f.buffered, pace)
                   : fmt::format(
                         "training waits for the input: {:.0f} of at most {:.0f} samples/s; it takes more "
                         "cores or smaller pictures",
                         f.buffered, f.training);
  return result;
}

}  // namespace feedline

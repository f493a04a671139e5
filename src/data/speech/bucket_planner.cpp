#include "bucket_planner.hpp"

#include <feedline/common/errors.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace feedline {
namespace {

constexpr std::uint32_t round_up(std::uint32_t value, std::uint32_t step) noexcept {
  return (value + step - 1) / step * step;
}

/// Lengths that occur, in steps, and how many samples have them.
struct Histogram {
  std::vector<std::uint32_t> frames;  ///< rising
  std::vector<std::uint64_t> counts;

  explicit Histogram(std::span<const SampleExtent> samples) {
    for (const SampleExtent& each : samples) frames.push_back(round_up(each.frames, kFrameStep));
    std::sort(frames.begin(), frames.end());
    for (std::size_t begin = 0, end = 0, kept = 0; begin < frames.size(); begin = end, ++kept) {
      while (end < frames.size() && frames[end] == frames[begin]) ++end;
      frames[kept] = frames[begin];
      counts.push_back(end - begin);
    }
    frames.resize(counts.size());
  }
};

/// For 1, 2, ... `most` shapes the lengths that pad the fewest frames. best[k][i]: frames of the first i
/// lengths in k shapes; each shape ends at a length that occurs.
std::vector<std::vector<std::uint32_t>> best_edges(const Histogram& lengths, std::size_t most) {
  const std::size_t size = lengths.counts.size();
  constexpr auto kNone = std::numeric_limits<std::uint64_t>::max();
  std::vector<std::uint64_t> before(size + 1, 0);
  for (std::size_t i = 0; i < size; ++i) before[i + 1] = before[i] + lengths.counts[i];
  std::vector<std::uint64_t> best(size + 1, kNone);
  best[0] = 0;
  std::vector<std::vector<std::size_t>> begins;
  std::vector<std::vector<std::uint32_t>> edges;
  for (std::size_t k = 0; k < std::min(most, size); ++k) {
    std::vector<std::uint64_t> next(size + 1, kNone);
    begins.emplace_back(size + 1, 0);
    for (std::size_t end = 1; end <= size; ++end) {
      for (std::size_t begin = k; begin < end; ++begin) {
        if (best[begin] == kNone) continue;
        const std::uint64_t cost = best[begin] + (before[end] - before[begin]) * lengths.frames[end - 1];
        if (cost >= next[end]) continue;
        next[end] = cost;
        begins[k][end] = begin;
      }
    }
    best = std::move(next);
    std::vector<std::uint32_t> ends;
    for (std::size_t end = size, i = k + 1; i-- > 0; end = begins[i][end])
      ends.push_back(lengths.frames[end - 1]);
    std::reverse(ends.begin(), ends.end());
    edges.push_back(std::move(ends));
  }
  return edges;
}

std::uint32_t median_frames(std::span<const SampleExtent> samples) {
  std::vector<std::uint32_t> frames;
  for (const SampleExtent& each : samples) frames.push_back(each.frames);
  const auto middle = frames.begin() + static_cast<std::ptrdiff_t>(frames.size() / 2);
  std::nth_element(frames.begin(), middle, frames.end());
  return std::max(round_up(*middle, kFrameStep), kFrameStep);
}

/// The most rows of a batch of `frames` a row within a budget of frames.
std::uint32_t most_rows(std::uint32_t frames, std::uint64_t frame_budget, std::uint32_t limit) {
  return static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(frame_budget / std::max(frames, 1U), 1, std::max(limit, 1U)));
}

/// Rows of a batch for `samples` samples: from three quarters of `most` up, the number that leaves the fewest
/// of them over; of equal ones a multiple of four, then the larger.
std::uint32_t fitting_rows(std::uint64_t samples, std::uint32_t most) {
  std::uint32_t best = most;
  const auto better = [&](std::uint32_t rows) {
    const std::uint64_t left = samples % rows, least = samples % best;
    return left != least ? left < least : rows % 4 == 0 && best % 4 != 0;
  };
  for (std::uint32_t rows = most - 1; rows > 0 && 4 * rows >= 3 * most; --rows)
    if (better(rows)) best = rows;
  return best;
}

std::vector<std::uint64_t> count_by_edge(std::span<const std::uint32_t> edges,
                                         std::span<const SampleExtent> samples) {
  std::vector<std::uint64_t> counts(edges.size(), 0);
  for (const SampleExtent& each : samples)
    ++counts[static_cast<std::size_t>(std::lower_bound(edges.begin(), edges.end(), each.frames) -
                                      edges.begin())];
  return counts;
}

/// Shapes that end at these lengths, each with rows that fit its samples and the leftovers before it.
std::vector<Bucket> with_rows(std::span<const std::uint32_t> edges, std::span<const SampleExtent> samples,
                              std::uint64_t frame_budget, std::uint32_t limit) {
  const auto counts = count_by_edge(edges, samples);
  std::vector<Bucket> buckets;
  std::uint64_t waiting = 0;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    waiting += counts[i];
    const std::uint32_t most = most_rows(edges[i], frame_budget, limit);
    const bool last = i + 1 == edges.size();  // its leftovers are shown in a short batch
    const std::uint32_t rows = last ? most : fitting_rows(waiting, most);
    buckets.push_back({edges[i], 0, rows});
    waiting %= rows;
  }
  return buckets;
}

}  // namespace

std::vector<Bucket> plan_buckets(std::span<const SampleExtent> samples, const BucketRules& rules) {
  ensure(!samples.empty() && rules.most_buckets > 0, "a plan for no samples");
  const std::uint64_t budget = std::uint64_t{rules.batch_size} * median_frames(samples);
  std::vector<Bucket> best;
  double least = 2;
  for (const auto& edges : best_edges(Histogram(samples), rules.most_buckets)) {
    // Large batches of short samples pad least in a large set; in a small one they never fill.
    for (const std::uint32_t most : {4 * rules.batch_size, 2 * rules.batch_size, rules.batch_size}) {
      std::vector<Bucket> buckets = with_rows(edges, samples, budget, most);
      const double waste = padding_waste(buckets, samples);
      if (waste >= least) continue;
      least = waste;
      best = std::move(buckets);
    }
  }
  make_room(best, samples);
  return best;
}

void make_room(std::vector<Bucket>& buckets, std::span<const SampleExtent> samples) {
  for (const SampleExtent& each : samples)
    buckets.back().frames = std::max(buckets.back().frames, round_up(each.frames, kFrameStep));
  for (const SampleExtent& each : samples) {
    if (each.frames == 0) continue;
    Bucket& bucket = buckets[bucket_of(buckets, each.frames)];
    bucket.tokens = std::max(bucket.tokens, round_up(each.tokens, kTokenStep));
  }
  for (std::size_t i = 1; i < buckets.size(); ++i)
    buckets[i].tokens = std::max(buckets[i].tokens, buckets[i - 1].tokens);
}

std::size_t bucket_of(std::span<const Bucket> buckets, std::uint32_t frames) noexcept {
  const auto found =
      std::lower_bound(buckets.begin(), buckets.end(), frames,
                       [](const Bucket& bucket, std::uint32_t f) { return bucket.frames < f; });
  return static_cast<std::size_t>(found - buckets.begin());
}

double padding_waste(std::span<const Bucket> buckets, std::span<const SampleExtent> samples) {
  std::vector<std::uint64_t> counts(buckets.size(), 0);
  std::uint64_t real = 0, padded = 0, waiting = 0;
  for (const SampleExtent& each : samples) {
    const std::size_t bucket = bucket_of(buckets, each.frames);
    if (bucket == buckets.size()) continue;
    ++counts[bucket];
    real += each.frames;
  }
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    waiting += counts[i];
    const bool last = i + 1 == buckets.size();
    const std::uint64_t shown = last ? waiting : waiting / buckets[i].rows * buckets[i].rows;
    padded += shown * buckets[i].frames;
    waiting -= shown;
  }
  return padded == 0 ? 0.0 : 1.0 - static_cast<double>(real) / static_cast<double>(padded);
}

}  // namespace feedline

#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace feedline {

/// How long a sample is.
struct SampleExtent {
  std::uint32_t frames = 0;  ///< of the spectrogram
  std::uint32_t tokens = 0;  ///< of the text
};

/// A shape of batches. A sample belongs to the first shape with room for its frames.
struct Bucket {
  std::uint32_t frames = 0;
  std::uint32_t tokens = 0;  ///< room for the texts of all samples up to this shape
  std::uint32_t rows = 0;    ///< samples a batch
};

struct BucketRules {
  std::uint32_t batch_size = 64;  ///< of samples as long as the median
  std::uint32_t most_buckets = 8;
};

/// Lengths are rounded up to multiples of these.
constexpr std::uint32_t kFrameStep = 8;
constexpr std::uint32_t kTokenStep = 4;

/// Shapes fitted to the samples, from the shortest on: of up to `most_buckets` shapes the number that pads
/// least. The edges are those that pad the fewest frames (dynamic programming over the lengths); a batch of
/// any shape has about as many frames as `batch_size` samples of median length. The same samples give the
/// same shapes. `samples` must not be empty.
std::vector<Bucket> plan_buckets(std::span<const SampleExtent> samples, const BucketRules& rules);

/// Enlarges the shapes where `samples`, which they were not planned for, would not fit with their texts;
/// those of 0 frames do not count.
void make_room(std::vector<Bucket>& buckets, std::span<const SampleExtent> samples);

/// Index of the bucket for a sample of so many frames; `buckets.size()` when it is too long for all.
std::size_t bucket_of(std::span<const Bucket> buckets, std::uint32_t frames) noexcept;

/// The part of an epoch's frames that is padding, 0 to 1: leftovers of a bucket go with the next one, as the
/// schedule has it. Samples longer than the last bucket do not count.
double padding_waste(std::span<const Bucket> buckets, std::span<const SampleExtent> samples);

}  // namespace feedline

#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace feedline {

/// The lengths of a sample.
struct SampleExtent {
  std::uint32_t frames = 0;  ///< Frames of the spectrogram
  std::uint32_t tokens = 0;  ///< Tokens of the text
};

/// The shape of the batches of one bucket. A sample belongs to the first bucket with room for its frames.
struct Bucket {
  std::uint32_t frames = 0;
  std::uint32_t tokens = 0;  ///< Room for the texts of all samples up to this bucket
  std::uint32_t rows = 0;    ///< Samples per batch
};

struct BucketRules {
  std::uint32_t batch_size = 64;  ///< Batch size for samples of median length
  std::uint32_t most_buckets = 8;
};

/// Room for frames and tokens is rounded up to multiples of these.
constexpr std::uint32_t kFrameStep = 8;
constexpr std::uint32_t kTokenStep = 4;

/// Returns buckets fitted to the samples, from the shortest on: at most `most_buckets`, and of these the
/// number that pads least. The edges are those that pad the fewest frames (dynamic programming over the
/// lengths). A batch of any bucket has about as many frames as `batch_size` samples of median length. The
/// same samples give the same buckets. `samples` must not be empty.
std::vector<Bucket> plan_buckets(std::span<const SampleExtent> samples, const BucketRules& rules);

/// Enlarges the buckets until `samples`, for which they were not planned, fit with their texts. Samples of 0
/// frames do not count.
void make_room(std::vector<Bucket>& buckets, std::span<const SampleExtent> samples);

/// Returns the index of the bucket for a sample of `frames`; `buckets.size()` when it is too long for all.
std::size_t bucket_of(std::span<const Bucket> buckets, std::uint32_t frames) noexcept;

/// Returns the part of an epoch's frames that is padding, 0 to 1. The samples that are left over in a bucket
/// count with the next one, as in the schedule. Samples longer than the last bucket do not count.
double padding_waste(std::span<const Bucket> buckets, std::span<const SampleExtent> samples);

}  // namespace feedline

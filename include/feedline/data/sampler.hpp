#pragma once

#include <feedline/data/dataset.hpp>
#include <feedline/data/permutation.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace feedline {

/// The order of the samples in each epoch, as a pure function of (epoch, position): it has no state to save
/// or to restore wrongly. Positions are ordered by bucket, as ids are (see Buckets), and a position of a
/// bucket has an id of that bucket.
///
/// Thread rule: const after construction, for any number of threads.
class Sampler {
 public:
  virtual ~Sampler() = default;

  /// Returns the id of the sample at `position` of `epoch`. `position` must be below the size of the set. Its
  /// cost is negligible.
  virtual std::uint64_t operator()(std::uint32_t epoch, std::uint64_t position) const noexcept = 0;
};

/// Each sample once per epoch, in an order drawn from (seed, epoch) within each bucket.
class RandomSampler final : public Sampler {
 public:
  /// `bucket_sizes`: see Buckets::sizes.
  RandomSampler(std::vector<std::uint64_t> bucket_sizes, std::uint64_t seed)
      : bucket_sizes_(std::move(bucket_sizes)), seed_(seed) {}

  std::uint64_t operator()(std::uint32_t epoch, std::uint64_t position) const noexcept override;

 private:
  std::vector<std::uint64_t> bucket_sizes_;
  std::uint64_t seed_;
};

/// Each sample once per epoch, in the order of ids.
class SequentialSampler final : public Sampler {
 public:
  std::uint64_t operator()(std::uint32_t, std::uint64_t position) const noexcept override { return position; }
};

/// Returns a random sampler of the set, or a sequential one.
std::unique_ptr<const Sampler> make_sampler(bool shuffle, const Dataset& set, std::uint64_t seed);

}  // namespace feedline

#include <feedline/data/sampler.hpp>

#include <cstddef>

namespace feedline {

std::uint64_t RandomSampler::operator()(std::uint32_t epoch, std::uint64_t position) const noexcept {
  std::uint64_t first = 0;
  std::size_t bucket = 0;
  while (bucket + 1 < bucket_sizes_.size() && position - first >= bucket_sizes_[bucket])
    first += bucket_sizes_[bucket++];
  return first + Permutation(bucket_sizes_[bucket], seed_, epoch, RandomPurpose::kOrder)(position - first);
}

std::unique_ptr<const Sampler> make_sampler(bool shuffle, const Dataset& set, std::uint64_t seed) {
  if (shuffle) return std::make_unique<RandomSampler>(buckets_of(set).sizes(), seed);
  return std::make_unique<SequentialSampler>();
}

}  // namespace feedline

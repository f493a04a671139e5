#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace feedline {

/// The division of a data set into buckets. Ids are ordered by bucket: those of the smallest shape come
/// first.
///
/// Thread rule: const after construction, for any number of threads.
class Buckets {
 public:
  /// `sizes` holds the number of samples in each bucket, from the smallest shape to the largest.
  explicit Buckets(std::vector<std::uint64_t> sizes) : sizes_(std::move(sizes)) {}

  const std::vector<std::uint64_t>& sizes() const noexcept { return sizes_; }

  /// Returns the replacement for sample `id`, drawn by `number`: a sample of the same bucket.
  std::uint64_t replacement_for(std::uint64_t id, std::uint64_t number) const noexcept;

  /// Returns a replacement of the same or a smaller bucket, for when all samples of the bucket are bad.
  std::uint64_t smaller_replacement_for(std::uint64_t id, std::uint64_t number) const noexcept;

 private:
  std::vector<std::uint64_t> sizes_;
};

}  // namespace feedline

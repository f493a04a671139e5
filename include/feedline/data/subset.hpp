#pragma once

#include <feedline/common/errors.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/data/dataset.hpp>
#include <feedline/data/permutation.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// `count` samples of another data set, those at positions `first`, `first + 1`, ... of a keyed permutation:
/// a random part that needs no list. Samples keep their ids of the whole set for augmentation and digests.
///
/// Thread rule: as for every Dataset.
class Subset final : public Dataset, private Audit, private StorageHints {
 public:
  /// `order` must be a permutation of `whole` and contain the positions; throws InternalError otherwise.
  Subset(DatasetPtr whole, const Permutation& order, std::uint64_t first, std::uint64_t count)
      : whole_(std::move(whole)), parts_(whole_->parts()), order_(order), first_(first), count_(count) {
    ensure(order_.size() == whole_->size() && first_ <= order_.size() && count_ <= order_.size() - first_,
           "a subset lies inside its data set");
  }

  std::uint64_t size() const noexcept override { return count_; }
  const std::vector<TensorSpec>& tensors() const noexcept override { return whole_->tensors(); }
  std::uint32_t classes() const noexcept override { return whole_->classes(); }
  void load(const SampleKey& key, SampleView out) const override {
    whole_->load({key.seed, key.epoch, inner(key.id), key.lane}, out);
  }
  std::uint64_t sample_id(std::uint64_t id) const noexcept override { return whole_->sample_id(inner(id)); }
  std::string describe(std::uint64_t id) const override { return whole_->describe(inner(id)); }
  DatasetParts parts() const noexcept override {
    return {.hints = parts_.hints != nullptr ? this : nullptr,
            .cache = parts_.cache,
            .audit = parts_.audit != nullptr ? this : nullptr,
            .loads = parts_.loads};
  }

 private:
  std::uint64_t fingerprint() const override {
    const std::array<std::uint64_t, 3> key = {parts_.audit->fingerprint(), sample_id(0), count_};
    return hash64(std::as_bytes(std::span(key)));
  }
  std::string check(std::uint64_t id) const override { return parts_.audit->check(inner(id)); }
  void read_ahead(std::uint64_t id) const noexcept override { parts_.hints->read_ahead(inner(id)); }
  void forget(std::uint64_t id) const noexcept override { parts_.hints->forget(inner(id)); }
  std::uint64_t inner(std::uint64_t id) const noexcept { return order_(first_ + id); }

  DatasetPtr whole_;
  DatasetParts parts_;  ///< Parts of the whole set
  Permutation order_;
  std::uint64_t first_;
  std::uint64_t count_;
};

}  // namespace feedline

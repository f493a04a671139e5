#pragma once

#include <feedline/data/bad_samples.hpp>
#include <feedline/data/dataset.hpp>

#include <cstdint>
#include <optional>

namespace feedline {

/// Loads samples of a data set and applies the policy to those that cannot be loaded. A replacement is drawn
/// from (seed, epoch, sample id, try), so it is the same in every run. A sample that the storage fails to
/// deliver is tried three times.
///
/// Thread rule: any thread.
class SampleLoader {
 public:
  /// `bad` must outlive the loader.
  SampleLoader(DatasetPtr dataset, BadSamples& bad);

  const Dataset& dataset() const noexcept { return *dataset_; }

  /// The optional parts of the set, without a virtual call.
  const DatasetParts& parts() const noexcept { return parts_; }

  /// Writes the sample of `key`, or its replacement, to `out`. Returns the id, in this data set, of the
  /// sample written; std::nullopt when it is to be skipped. Throws DataError when there are too many bad
  /// samples.
  std::optional<std::uint64_t> load(const SampleKey& key, SampleView out) const;

 private:
  [[noreturn]] void refuse_only_sample(std::uint64_t id) const;
  void load_patiently(const SampleKey& key, SampleView out) const;
  bool try_load(const SampleKey& key, SampleView out) const;
  std::uint64_t replace(const SampleKey& key, SampleView out) const;

  DatasetPtr dataset_;
  DatasetParts parts_;
  Buckets buckets_;
  BadSamples& bad_;
};

}  // namespace feedline

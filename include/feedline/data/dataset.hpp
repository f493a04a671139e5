#pragma once

#include <feedline/batch/tensor_spec.hpp>
#include <feedline/data/cache.hpp>
#include <feedline/data/stages.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace feedline {

class TraceLane;

/// The identity of one drawn sample: everything that its bytes may depend on, besides the data set. `lane` is
/// that of the loading thread, where there is a timeline: sets that have stages show them there.
struct SampleKey {
  std::uint64_t seed = 0;
  std::uint32_t epoch = 0;
  std::uint64_t id = 0;
  TraceLane* lane = nullptr;
};

/// The destination of one sample: one span per tensor, in the order of `Dataset::tensors()`. Each span is the
/// sample's place in a batch slot and is written in full.
using SampleView = std::span<const std::span<std::byte>>;

/// A set of samples numbered 0..size-1, decoded and transformed directly into their place in a slot.
///
/// Thread rule: everything is const and may be called from any number of threads at the same time.
class Dataset {
 public:
  virtual ~Dataset() = default;

  virtual std::uint64_t size() const noexcept = 0;

  /// The tensors of a sample, e.g. `image` uint8 [C,H,W] and `label` int64 []. Where samples differ in size,
  /// those of the largest; the spans given to `load` show how much room there is.
  virtual const std::vector<TensorSpec>& tensors() const noexcept = 0;

  /// The number of classes, 0 when there are no labels.
  virtual std::uint32_t classes() const noexcept = 0;

  /// Writes the sample of `key` into `out`. The same key gives the same bytes, on any thread, at any time.
  /// Throws SampleError when this sample cannot be used, another DataError when the whole set cannot.
  virtual void load(const SampleKey& key, SampleView out) const = 0;

  /// The number of samples in each bucket, from the smallest shape to the largest. One bucket: all samples
  /// have the same shape.
  virtual std::vector<std::uint64_t> bucket_sizes() const { return {size()}; }

  /// The id of the sample at `index` (below `size()`) when samples are ordered bucket by bucket.
  virtual std::uint64_t bucket_order_to_id(std::uint64_t index) const noexcept { return index; }

  /// The replacement for `id`, drawn by `number`: it fits into batches of the same bucket.
  virtual std::uint64_t replacement_for(std::uint64_t, std::uint64_t number) const noexcept {
    return number % size();
  }

  /// The same when all samples of the bucket are bad: one of a smaller bucket fits too.
  virtual std::uint64_t smaller_replacement_for(std::uint64_t id, std::uint64_t number) const noexcept {
    return replacement_for(id, number);
  }

  /// The number that identifies sample `id` to the user and in digests, also when this set is a part of a
  /// larger one.
  virtual std::uint64_t sample_id(std::uint64_t id) const noexcept { return id; }

  /// The origin of the sample, for messages: "train-images-idx3-ubyte.gz[17]".
  virtual std::string describe(std::uint64_t id) const = 0;

  /// Identifies the content of this set: XXH3 of the data where it lies in memory, else of the names and
  /// labels of the samples. 0: not available. Reads all of it: call it once.
  virtual std::uint64_t fingerprint() const { return 0; }

  /// Remarks for the user on samples that are used as they are; empty when there are none.
  virtual std::string remarks() const { return {}; }

  /// Reads all of sample `id`, including parts that no `load` needs. Throws SampleError when it is bad.
  /// Returns the damage of a sample that is still used, as a short clause ("it ends early"), or an empty
  /// string.
  virtual std::string check(std::uint64_t) const { return {}; }

  /// Takes sample `id` out of the system's page cache, where it comes from a file: the next read is cold.
  virtual void forget(std::uint64_t) const noexcept {}

  /// The times of all loads by stage; zero for sets that lie in memory.
  virtual StageTimes stages() const noexcept { return {}; }

  /// Announces that sample `id` is needed soon; a set on slow storage has it read meanwhile.
  virtual void read_ahead(std::uint64_t) const noexcept {}

  /// Sets whether there is time for work that only pays off later, such as filling a cache. Changes no
  /// sample's bytes.
  virtual void set_spare_time(bool) const noexcept {}

  /// The use of the set's cache; parts of one set share theirs.
  virtual CacheStats cache() const noexcept { return {}; }
};

using DatasetPtr = std::shared_ptr<const Dataset>;

}  // namespace feedline

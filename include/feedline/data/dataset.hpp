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

/// Which sample, drawn for what: everything that a sample's bytes may depend on, besides the data set. And
/// the lane of the thread that loads it, where there is a timeline: sets that have stages show them there.
struct SampleKey {
  std::uint64_t seed = 0;
  std::uint32_t epoch = 0;
  std::uint64_t id = 0;
  TraceLane* lane = nullptr;
};

/// Where one sample goes: one span a tensor, in the order of `Dataset::tensors()`. Each span is the sample's
/// place in a batch slot and is written whole.
using SampleView = std::span<const std::span<std::byte>>;

/// A set of samples numbered 0..size-1, decoded and transformed straight into their place in a slot.
///
/// Thread rule: everything is const and may be called from any number of threads at the same time.
class Dataset {
 public:
  virtual ~Dataset() = default;

  virtual std::uint64_t size() const noexcept = 0;

  /// The tensors of a sample, e.g. `image` uint8 [C,H,W] and `label` int64 []. Where samples differ in size:
  /// those of the largest; `load` sees from its spans how much room there is.
  virtual const std::vector<TensorSpec>& tensors() const noexcept = 0;

  /// Classes the labels count, 0 when there are none.
  virtual std::uint32_t classes() const noexcept = 0;

  /// Writes the sample of `key` into `out`. The same key gives the same bytes, on any thread, at any time.
  /// Throws SampleError when this sample cannot be used, another DataError when the whole set cannot.
  virtual void load(const SampleKey& key, SampleView out) const = 0;

  /// Samples whose batches have one shape, for each shape from the smallest on. One group: all have the same.
  virtual std::vector<std::uint64_t> groups() const { return {size()}; }

  /// The sample in place `index` (below `size()`) when all stand in line, group after group.
  virtual std::uint64_t in_line(std::uint64_t index) const noexcept { return index; }

  /// The sample that takes the place of `id`, drawn by `number`: it fits into batches of the same shape.
  virtual std::uint64_t stand_in(std::uint64_t, std::uint64_t number) const noexcept {
    return number % size();
  }

  /// Likewise, when the samples of its shape are all bad: one of a smaller shape fits too.
  virtual std::uint64_t smaller_stand_in(std::uint64_t id, std::uint64_t number) const noexcept {
    return stand_in(id, number);
  }

  /// The number that names sample `id` to the user and in digests, also when this is a part of a larger set.
  virtual std::uint64_t sample_id(std::uint64_t id) const noexcept { return id; }

  /// Where the sample comes from, for messages: "train-images-idx3-ubyte.gz[17]".
  virtual std::string describe(std::uint64_t id) const = 0;

  /// Tells this set from another: XXH3 of what it holds where that lies in memory, else of its samples' names
  /// and labels. 0: the set cannot tell. Reads all of it: call it once.
  virtual std::uint64_t fingerprint() const { return 0; }

  /// What was noticed so far about samples that are used as they are, for the user; empty: nothing.
  virtual std::string remarks() const { return {}; }

  /// Reads all of sample `id`, also what no `load` would need. Throws SampleError when it is bad. Returns
  /// what is damaged about a sample that is used all the same, as a short clause ("it ends early"), or
  /// nothing.
  virtual std::string check(std::uint64_t) const { return {}; }

  /// Takes sample `id` out of the system's page cache, where it comes from a file: the next read is a cold
  /// one.
  virtual void forget(std::uint64_t) const noexcept {}

  /// Where the time of all loads went; nothing for sets that lie in memory.
  virtual StageTimes stages() const noexcept { return {}; }

  /// Says that sample `id` is wanted soon; a set that reads from slow storage has it read meanwhile.
  virtual void read_ahead(std::uint64_t) const noexcept {}

  /// Says whether there is time for work that only pays later, such as filling a cache. Changes no sample's
  /// bytes.
  virtual void set_spare_time(bool) const noexcept {}

  /// How the set's cache is used; parts of one set share theirs.
  virtual CacheStats cache() const noexcept { return {}; }
};

using DatasetPtr = std::shared_ptr<const Dataset>;

}  // namespace feedline

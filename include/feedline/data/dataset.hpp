#pragma once

#include <feedline/batch/tensor_spec.hpp>
#include <feedline/data/dataset_parts.hpp>

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
///     class Squares final : public Dataset {  // of 100 numbers
///       std::uint64_t size() const noexcept override { return 100; }
///       const std::vector<TensorSpec>& tensors() const noexcept override { return tensors_; }
///       std::uint32_t classes() const noexcept override { return 0; }
///       std::string describe(std::uint64_t id) const override { return "number " + std::to_string(id); }
///       void load(const SampleKey& key, SampleView out) const override {
///         const auto square = static_cast<std::int64_t>(key.id * key.id);
///         std::memcpy(out[0].data(), &square, sizeof square);
///       }
///       std::vector<TensorSpec> tensors_ = {{"square", DType::kInt64, {}}};
///     };
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

  /// The number that identifies sample `id` to the user and in digests, also when this set is a part of a
  /// larger one.
  virtual std::uint64_t sample_id(std::uint64_t id) const noexcept { return id; }

  /// The origin of the sample, for messages: "train-images-idx3-ubyte.gz[17]".
  virtual std::string describe(std::uint64_t id) const = 0;

  /// The optional parts that this set has. They stay the same for as long as the set lives.
  virtual DatasetParts parts() const noexcept { return {}; }
};

using DatasetPtr = std::shared_ptr<const Dataset>;

/// The buckets of a set; one bucket where the set has no such part.
Buckets buckets_of(const Dataset& set);

/// The use of a set's cache; nothing where there is none.
CacheStats cache_of(const Dataset& set) noexcept;

/// The fingerprint of a set, see Audit; 0: not available.
std::uint64_t fingerprint_of(const Dataset& set);

/// The times and the remarks of a set's loads; zero and empty where the set does not report any.
StageTimes stages_of(const Dataset& set) noexcept;
std::string remarks_of(const Dataset& set);

}  // namespace feedline

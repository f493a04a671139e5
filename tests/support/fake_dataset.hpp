#pragma once

#include <feedline/common/philox.hpp>
#include <feedline/data/dataset.hpp>

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace feedline::testing {

/// Samples without files: the bytes are random numbers drawn by (seed, epoch, id), the label is the id.
class FakeDataset : public Dataset {
 public:
  using Hook = std::function<void(const SampleKey&)>;

  /// `before_load` runs before each sample and may sleep or throw.
  explicit FakeDataset(std::uint64_t size, Hook before_load = {}, std::uint64_t first_id = 0)
      : size_(size), first_id_(first_id), before_load_(std::move(before_load)) {}

  std::uint64_t size() const noexcept override { return size_; }
  const std::vector<TensorSpec>& tensors() const noexcept override { return tensors_; }
  std::uint32_t classes() const noexcept override { return 10; }
  std::uint64_t sample_id(std::uint64_t id) const noexcept override { return first_id_ + id; }
  std::string describe(std::uint64_t id) const override { return "fake[" + std::to_string(id) + "]"; }

  void load(const SampleKey& key, SampleView out) const override {
    if (before_load_) before_load_(key);
    Philox random(key.seed, RandomPurpose::kAugment, key.epoch, key.id);
    for (std::byte& byte : out[0]) byte = static_cast<std::byte>(random.next_below(256));
    const auto label = static_cast<std::int64_t>(key.id);
    std::memcpy(out[1].data(), &label, sizeof label);
  }

 private:
  std::uint64_t size_;
  std::uint64_t first_id_;
  Hook before_load_;
  std::vector<TensorSpec> tensors_ = {{"data", DType::kUInt8, {24}}, {"label", DType::kInt64, {}}};
};

}  // namespace feedline::testing

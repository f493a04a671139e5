#pragma once

#include <feedline/data/dataset.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// Another data set, whose samples a derived class loads in its own way; everything else is that set's.
///
/// Thread rule: as for every Dataset.
class WrappedDataset : public Dataset {
 public:
  explicit WrappedDataset(DatasetPtr inner) : inner_(std::move(inner)) {}

  std::uint64_t size() const noexcept override { return inner_->size(); }
  const std::vector<TensorSpec>& tensors() const noexcept override { return inner_->tensors(); }
  std::uint32_t classes() const noexcept override { return inner_->classes(); }
  std::vector<std::uint64_t> bucket_sizes() const override { return inner_->bucket_sizes(); }
  std::uint64_t bucket_order_to_id(std::uint64_t index) const noexcept override {
    return inner_->bucket_order_to_id(index);
  }
  std::uint64_t replacement_for(std::uint64_t id, std::uint64_t number) const noexcept override {
    return inner_->replacement_for(id, number);
  }
  std::uint64_t smaller_replacement_for(std::uint64_t id, std::uint64_t number) const noexcept override {
    return inner_->smaller_replacement_for(id, number);
  }
  std::uint64_t sample_id(std::uint64_t id) const noexcept override { return inner_->sample_id(id); }
  std::string describe(std::uint64_t id) const override { return inner_->describe(id); }
  std::uint64_t fingerprint() const override { return inner_->fingerprint(); }
  std::string remarks() const override { return inner_->remarks(); }
  std::string check(std::uint64_t id) const override { return inner_->check(id); }
  void forget(std::uint64_t id) const noexcept override { inner_->forget(id); }
  StageTimes stages() const noexcept override { return inner_->stages(); }
  void read_ahead(std::uint64_t id) const noexcept override { inner_->read_ahead(id); }
  void set_spare_time(bool spare) const noexcept override { inner_->set_spare_time(spare); }
  CacheStats cache() const noexcept override { return inner_->cache(); }

 protected:
  const Dataset& inner() const noexcept { return *inner_; }

 private:
  DatasetPtr inner_;
};

}  // namespace feedline

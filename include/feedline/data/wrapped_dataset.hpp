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
  std::uint64_t sample_id(std::uint64_t id) const noexcept override { return inner_->sample_id(id); }
  std::string describe(std::uint64_t id) const override { return inner_->describe(id); }
  DatasetParts parts() const noexcept override { return inner_->parts(); }

 protected:
  const Dataset& inner() const noexcept { return *inner_; }

 private:
  DatasetPtr inner_;
};

}  // namespace feedline

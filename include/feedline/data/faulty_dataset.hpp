#pragma once

#include <feedline/common/fault_plan.hpp>
#include <feedline/data/dataset.hpp>
#include <feedline/data/open_data.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// Another data set on storage that is slow, fails, or brings the process down, as a FaultPlan says.
///
/// Thread rule: as every Dataset.
class FaultyDataset final : public Dataset {
 public:
  FaultyDataset(DatasetPtr sound, FaultPlan plan) : sound_(std::move(sound)), plan_(std::move(plan)) {}

  std::uint64_t size() const noexcept override { return sound_->size(); }
  const std::vector<TensorSpec>& tensors() const noexcept override { return sound_->tensors(); }
  std::uint32_t classes() const noexcept override { return sound_->classes(); }
  void load(const SampleKey& key, SampleView out) const override;
  std::uint64_t sample_id(std::uint64_t id) const noexcept override { return sound_->sample_id(id); }
  std::string describe(std::uint64_t id) const override { return sound_->describe(id); }
  std::uint64_t fingerprint() const override { return sound_->fingerprint(); }
  void check(std::uint64_t id) const override { sound_->check(id); }
  void forget(std::uint64_t id) const noexcept override { sound_->forget(id); }
  StageTimes stages() const noexcept override { return sound_->stages(); }
  void read_ahead(std::uint64_t id) const noexcept override { sound_->read_ahead(id); }
  void set_spare_time(bool spare) const noexcept override { sound_->set_spare_time(spare); }
  CacheStats cache() const noexcept override { return sound_->cache(); }

 private:
  DatasetPtr sound_;
  FaultPlan plan_;
  mutable std::atomic<std::uint64_t> loads_{0};
};

/// Puts both sets behind such storage, if the plan is about samples at all.
void spoil(DataSplits& data, const FaultPlan& plan);

}  // namespace feedline

#pragma once

#include <feedline/common/fault_plan.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/data/wrapped_dataset.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

namespace feedline {

/// Another data set on storage that is slow, fails, or brings the process down, as a FaultPlan says.
///
/// Thread rule: as every Dataset.
class FaultyDataset final : public WrappedDataset {
 public:
  FaultyDataset(DatasetPtr sound, FaultPlan plan)
      : WrappedDataset(std::move(sound)), plan_(std::move(plan)) {}

  void load(const SampleKey& key, SampleView out) const override;

 private:
  FaultPlan plan_;
  mutable std::atomic<std::uint64_t> loads_{0};
};

/// Puts both sets behind such storage, if the plan is about samples at all.
void spoil(DataSplits& data, const FaultPlan& plan);

}  // namespace feedline

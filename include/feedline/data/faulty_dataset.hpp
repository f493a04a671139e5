#pragma once

#include <feedline/common/fault_plan.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/data/wrapped_dataset.hpp>

#include <atomic>
#include <cstdint>
#include <utility>

namespace feedline {

/// Another data set on storage that is slow, fails, or crashes the process, as a FaultPlan specifies.
///
/// Thread rule: as for every Dataset.
class FaultyDataset final : public WrappedDataset {
 public:
  FaultyDataset(DatasetPtr sound, FaultPlan plan)
      : WrappedDataset(std::move(sound)), plan_(std::move(plan)) {}

  void load(const SampleKey& key, SampleView out) const override;

 private:
  FaultPlan plan_;
  mutable std::atomic<std::uint64_t> loads_{0};
};

/// Puts both sets on such storage, if the plan concerns samples.
void inject_faults(DataSplits& data, const FaultPlan& plan);

}  // namespace feedline

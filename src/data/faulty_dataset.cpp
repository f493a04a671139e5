#include <feedline/data/faulty_dataset.hpp>
#include <feedline/data/sample_error.hpp>

#include <memory>
#include <thread>

namespace feedline {

void FaultyDataset::load(const SampleKey& key, SampleView out) const {
  const std::uint64_t every = plan_.failing_reads();
  if (plan_.read_delay().count() > 0) std::this_thread::sleep_for(plan_.read_delay());
  if (every > 0 && ++loads_ % every == 0) throw StorageError(describe(key.id), "input/output error");
  plan_.at_sample(sample_id(key.id));
  inner().load(key, out);
}

void inject_faults(DataSplits& data, const FaultPlan& plan) {
  if (!plan.touches_samples()) return;
  data.train = std::make_shared<FaultyDataset>(data.train, plan);
  data.val = std::make_shared<FaultyDataset>(data.val, plan);
}

}  // namespace feedline

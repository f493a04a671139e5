#include <feedline/common/philox.hpp>
#include <feedline/data/sample_loader.hpp>

#include <utility>

namespace feedline {

SampleLoader::SampleLoader(DatasetPtr dataset, BadSamples& bad) : dataset_(std::move(dataset)), bad_(bad) {}

std::optional<std::uint64_t> SampleLoader::load(const SampleKey& key, SampleView out) const {
  if (try_load(key, out)) return key.id;
  if (bad_.policy() == BadSamplePolicy::kReplace) return replace(key, out);
  bad_.count_skipped();
  return std::nullopt;
}

bool SampleLoader::try_load(const SampleKey& key, SampleView out) const {
  try {
    dataset_->load(key, out);
  } catch (const SampleError& error) {
    bad_.note(error, key.epoch);
    return false;
  }
  bad_.note_good();
  return true;
}

std::uint64_t SampleLoader::replace(const SampleKey& key, SampleView out) const {
  Philox random(key.seed, RandomPurpose::kReplace, key.epoch, key.id);
  for (;;) {  // `BadSamples` ends it when nothing but bad samples comes
    const std::uint64_t number = std::uint64_t{random.next_u32()} << 32 | random.next_u32();
    const SampleKey other{key.seed, key.epoch, number % dataset_->size()};
    if (!try_load(other, out)) continue;
    bad_.count_replaced();
    return other.id;
  }
}

}  // namespace feedline

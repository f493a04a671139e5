#include <feedline/common/philox.hpp>
#include <feedline/data/sample_loader.hpp>

#include <chrono>
#include <thread>
#include <utility>

namespace feedline {
namespace {

constexpr int kTries = 3;

/// Of a bucket with one good sample in eight, all but one in a thousand get a replacement by then.
constexpr int kTriesOfItsBucket = 50;
constexpr std::chrono::milliseconds kPause{20};

}  // namespace

SampleLoader::SampleLoader(DatasetPtr dataset, BadSamples& bad)
    : dataset_(std::move(dataset)), parts_(dataset_->parts()), buckets_(buckets_of(*dataset_)), bad_(bad) {}

std::optional<std::uint64_t> SampleLoader::load(const SampleKey& key, SampleView out) const {
  if (try_load(key, out)) return key.id;
  if (bad_.policy() == BadSamplePolicy::kReplace) {
    if (dataset_->size() == 1) refuse_only_sample(key.id);
    return replace(key, out);
  }
  bad_.count_skipped();
  return std::nullopt;
}

void SampleLoader::refuse_only_sample(std::uint64_t id) const {
  throw DataError(
      dataset_->describe(id) +
      " cannot be used, as was said, and is the only sample of its set (training or validation), so "
      "there is none to take its place. Repair it, or give another set.");
}

void SampleLoader::load_patiently(const SampleKey& key, SampleView out) const {
  for (int i = 1;; ++i) {
    try {
      return dataset_->load(key, out);
    } catch (const StorageError&) {
      if (i == kTries) throw;
    }
    std::this_thread::sleep_for(kPause * i);
  }
}

bool SampleLoader::try_load(const SampleKey& key, SampleView out) const {
  try {
    load_patiently(key, out);
  } catch (const SampleError& error) {
    bad_.note(error, key.epoch);
    return false;
  }
  bad_.note_good();
  return true;
}

std::uint64_t SampleLoader::replace(const SampleKey& key, SampleView out) const {
  Philox random(key.seed, RandomPurpose::kReplace, key.epoch, key.id);
  for (int i = 0;; ++i) {  // `BadSamples` ends it when nothing but bad samples comes
    const std::uint64_t number = std::uint64_t{random.next_u32()} << 32 | random.next_u32();
    const std::uint64_t id = i < kTriesOfItsBucket ? buckets_.replacement_for(key.id, number)
                                                   : buckets_.smaller_replacement_for(key.id, number);
    const SampleKey other{key.seed, key.epoch, id, key.lane};
    if (!try_load(other, out)) continue;
    bad_.count_replaced();
    return other.id;
  }
}

}  // namespace feedline

#pragma once

#include <feedline/batch/sample_spans.hpp>
#include <feedline/batch/slot.hpp>
#include <feedline/data/sample_loader.hpp>
#include <feedline/data/sampler.hpp>
#include <feedline/metrics/trace.hpp>
#include <feedline/pipeline/batch_schedule.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace feedline {

/// The result of loading one row of a batch, as ids of the data set.
struct LoadedRow {
  std::uint64_t wanted = 0;
  std::optional<std::uint64_t>
      shown;  ///< The replacement where that was bad; empty: the row is to be left out
};

/// Fills rows of batches, and whole batches, with samples. What a row holds is a function of the seed and its
/// place in the schedule.
///
/// Thread rule: any thread; each row is written by one.
class BatchFiller {
 public:
  /// `bad` must outlive the filler. `checks` are the checksums that rows get. Without `shuffle`, training
  /// samples come in the order of the data set.
  BatchFiller(DatasetPtr train, DatasetPtr val, BadSamples& bad, std::uint64_t seed,
              ChecksumKind checks = ChecksumKind::kNone, bool shuffle = true);

  const SampleLoader& loader_of(Split split) const noexcept { return split == Split::kTrain ? train_ : val_; }
  const Dataset& dataset(Split split) const noexcept { return loader_of(split).dataset(); }

  /// The id, in the data set of the plan's split, of the sample at `position` of its epoch.
  std::uint64_t id_at(const BatchPlan& plan, std::uint64_t position) const noexcept {
    return (plan.info.split == Split::kTrain ? *train_sampler_ : *val_sampler_)(plan.info.epoch, position);
  }

  /// Loads sample `id`, or its replacement, into `spans`. Throws DataError when there are too many bad
  /// samples.
  LoadedRow load(const BatchPlan& plan, std::uint64_t id, SampleView spans, TraceLane* lane = nullptr) const;

  /// Writes the id and the note of a loaded row into the slot, and its checksum.
  void note(const Slot& slot, std::uint32_t row, const LoadedRow& loaded) const;

  /// The ids that the rows of a batch are intended to show.
  std::vector<std::uint64_t> ids_of(const BatchPlan& plan) const;

  /// Fills a whole batch with the samples `ids`, one per row, and seals it. The same ids give the same bytes,
  /// as a sample and its replacement are functions of (seed, epoch, id). Returns the rows before those to be
  /// left out are removed.
  std::vector<LoadedRow> fill(const Slot& slot, const BatchPlan& plan, std::span<const std::uint64_t> ids,
                              TraceLane* lane = nullptr) const;

 private:
  SampleLoader train_, val_;
  std::unique_ptr<const Sampler> train_sampler_, val_sampler_;
  std::uint64_t seed_;
  ChecksumKind checks_;
};

/// The spans of a row's tensors in its slot.
SampleSpans spans_in(const Slot& slot, std::uint32_t row) noexcept;

}  // namespace feedline

#include <feedline/pipeline/batch_filler.hpp>

#include <utility>

namespace feedline {

SampleSpans spans_in(const Slot& slot, std::uint32_t row) noexcept {
  SampleSpans spans;
  const std::size_t tensors = slot.layout().tensors().size();
  for (std::size_t i = 0; i < tensors; ++i) spans[i] = slot.row(i, row);
  return spans;
}

BatchFiller::BatchFiller(DatasetPtr train, DatasetPtr val, BadSamples& bad, std::uint64_t seed,
                         ChecksumKind checks, bool shuffle)
    : train_(std::move(train), bad),
      val_(std::move(val), bad),
      train_sampler_(make_sampler(shuffle, train_.dataset(), seed)),
      val_sampler_(make_sampler(false, val_.dataset(), seed)),
      seed_(seed),
      checks_(checks) {}

LoadedRow BatchFiller::load(const BatchPlan& plan, std::uint64_t id, SampleView spans,
                            TraceLane* lane) const {
  return {id, loader_of(plan.info.split).load({seed_, plan.info.epoch, id, lane}, spans)};
}

void BatchFiller::note(const Slot& slot, std::uint32_t row, const LoadedRow& loaded) const {
  const Dataset& set = dataset(slot.header().split);
  if (loaded.shown) slot.sample_ids()[row] = set.sample_id(*loaded.shown);
  if (loaded.shown != loaded.wanted) slot.notes()[row].bad_id = set.sample_id(loaded.wanted);
  if (checks_ != ChecksumKind::kNone) slot.check_row(row, checks_);  // while its bytes are still in the cache
}

std::vector<std::uint64_t> BatchFiller::ids_of(const BatchPlan& plan) const {
  std::vector<std::uint64_t> ids(plan.info.count);
  for (std::uint32_t row = 0; row < plan.info.count; ++row) ids[row] = id_at(plan, plan.first_position + row);
  return ids;
}

std::vector<LoadedRow> BatchFiller::fill(const Slot& slot, const BatchPlan& plan,
                                         std::span<const std::uint64_t> ids, TraceLane* lane) const {
  std::vector<LoadedRow> rows;
  std::vector<std::uint8_t> dropped(plan.info.count, 0);
  slot.begin(plan.info);
  const std::size_t tensors = slot.layout().tensors().size();
  for (std::uint32_t row = 0; row < plan.info.count; ++row) {
    const SampleSpans spans = spans_in(slot, row);
    rows.push_back(load(plan, ids[row], std::span(spans).first(tensors), lane));
    note(slot, row, rows.back());
    dropped[row] = rows.back().shown ? 0 : 1;
  }
  slot.drop_rows(dropped);
  slot.seal(checks_);
  return rows;
}

}  // namespace feedline

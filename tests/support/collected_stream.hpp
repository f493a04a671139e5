#pragma once

#include <feedline/transport/channel.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace feedline::testing {

/// One received batch, copied: what a model would have seen.
struct CollectedBatch {
  Split split = Split::kTrain;
  bool last_of_split = false;
  std::uint32_t epoch = 0;
  std::uint32_t batch = 0;
  std::vector<std::uint64_t> ids;
  std::vector<std::vector<std::byte>> tensors;  ///< the real rows of each

  bool operator==(const CollectedBatch&) const = default;
};

inline CollectedBatch collect(const Slot& slot) {
  const SlotHeader& header = slot.header();
  CollectedBatch batch{header.split, header.last_of_split == 1, header.epoch, header.batch, {}, {}};
  batch.ids.assign(slot.sample_ids().begin(), slot.sample_ids().end());
  for (std::size_t i = 0; i < slot.spec().layout().tensors().size(); ++i) {
    const std::size_t bytes = header.count * slot.spec().layout().tensors()[i].sample_bytes();
    batch.tensors.emplace_back(slot.tensor(i), slot.tensor(i) + bytes);
  }
  return batch;
}

/// Everything up to the end of the stream.
inline std::vector<CollectedBatch> collect_all(BatchReceiver& receiver) {
  std::vector<CollectedBatch> stream;
  while (const auto batch = receiver.receive()) stream.push_back(collect(*batch));
  return stream;
}

}  // namespace feedline::testing

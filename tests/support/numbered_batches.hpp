#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/transport/channel.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

namespace feedline::testing {

/// Slots of `rows` samples with `sample_bytes` of data and a label.
inline BatchSpec numbered_spec(std::uint32_t rows = 4, std::int64_t sample_bytes = 100) {
  return BatchSpec(rows, {{"data", DType::kUInt8, {sample_bytes}}, {"label", DType::kInt64, {}}});
}

inline std::byte numbered_byte(std::uint64_t sequence, std::uint32_t row) {
  return static_cast<std::byte>((sequence * 37 + row * 11 + 5) % 251);
}

/// Writes the batch that only `sequence` has, whole and sealed.
inline void write_numbered(const Slot& slot, std::uint64_t sequence) {
  BatchInfo info;
  info.sequence = sequence;
  info.epoch = static_cast<std::uint32_t>(sequence / 10);
  info.batch = static_cast<std::uint32_t>(sequence % 10);
  info.count = slot.spec().capacity();
  slot.begin(info);
  for (std::uint32_t row = 0; row < info.count; ++row) {
    const std::uint64_t id = sequence * 1000 + row;
    slot.sample_ids()[row] = id;
    std::ranges::fill(slot.row(0, row), numbered_byte(sequence, row));
    std::memcpy(slot.row(1, row).data(), &id, sizeof id);
  }
  slot.seal();
}

/// Whether `slot` holds the batch of that number, to the last byte.
inline bool is_numbered(const Slot& slot, std::uint64_t sequence) {
  if (slot.header().sequence != sequence || slot.header().count != slot.spec().capacity()) return false;
  for (std::uint32_t row = 0; row < slot.header().count; ++row) {
    std::uint64_t label = 0;
    std::memcpy(&label, slot.row(1, row).data(), sizeof label);
    const std::span<std::byte> data = slot.row(0, row);
    const std::byte expected = numbered_byte(sequence, row);
    const bool same = std::ranges::all_of(data, [&](std::byte byte) { return byte == expected; });
    if (!same || label != sequence * 1000 + row || slot.sample_ids()[row] != label) return false;
  }
  return true;
}

/// Sends batches `first` up to `end`; how many the receiver took.
inline std::uint64_t send_numbered(BatchSender& sender, std::uint64_t first, std::uint64_t end) {
  for (std::uint64_t sequence = first; sequence < end; ++sequence) {
    const std::optional<Slot> slot = sender.acquire(sequence);
    if (!slot) return sequence - first;
    write_numbered(*slot, sequence);
    sender.publish(sequence);
  }
  return end - first;
}

/// Receives `most` batches, or all; how many were right, up to the first that is not.
inline std::uint64_t receive_numbered(BatchReceiver& receiver, std::uint64_t first = 0,
                                      std::uint64_t most = ~std::uint64_t{0}) {
  std::uint64_t right = 0;
  while (right < most) {
    const BatchLease batch = receiver.receive();
    if (!batch || !is_numbered(*batch, first + right)) break;
    ++right;
  }
  return right;
}

}  // namespace feedline::testing

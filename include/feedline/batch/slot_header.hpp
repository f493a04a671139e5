#pragma once

#include <feedline/batch/batch_spec.hpp>

#include <array>
#include <cstdint>
#include <type_traits>

namespace feedline {

inline constexpr std::uint32_t kSlotMagic = 0x4C464453;  // "SDFL" in memory
inline constexpr std::uint16_t kSlotVersion = 3;

/// Which part of the data a batch belongs to.
enum class Split : std::uint8_t { kTrain = 0, kVal = 1 };

/// What the row notes hold of the payload.
enum class Checks : std::uint32_t {
  kNone = 0,
  kHash = 1,  ///< hash64 of each row: the fastest for a CPU
  kSum = 2,   ///< sum64 of each row, which a GPU can look at as well
};

/// One tensor, as the slot describes itself; offsets are from the slot's start, in bytes.
struct TensorEntry {
  std::array<char, 16> name;
  std::uint8_t dtype;
  std::uint8_t dims;
  std::array<std::uint8_t, 6> reserved;
  std::array<std::int64_t, kMaxDims + 1> shape;  ///< [count, sample shape...]
  std::uint64_t offset;
  std::uint64_t bytes;
};

/// What a batch tells of one of its rows. They follow the header.
struct RowNote {
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};

  std::uint64_t bad_id = kNone;  ///< the bad sample that this row was meant for, where there was one
  std::uint64_t checksum = 0;    ///< of the row in all tensors, where the batch is checked
};

/// First bytes of every slot; row notes and sample ids (one uint64 each) follow it. Written and read on the
/// same kind of machine (little endian), hence copied as it is.
struct SlotHeader {
  std::uint32_t magic;
  std::uint16_t version;
  Split split;
  std::uint8_t last_of_split;  ///< 1 on the last batch of its epoch and split
  std::uint64_t sequence;      ///< position in the channel, from 0, never reused
  std::uint32_t epoch;
  std::uint32_t batch;     ///< position in the epoch and split
  std::uint32_t count;     ///< samples that are real; rows behind them hold nothing
  std::uint32_t capacity;  ///< rows that have a place
  std::uint32_t tensor_count;
  std::uint32_t planned;  ///< samples that were meant for it; those beyond `count` were left out
  Checks checks;          ///< what the row notes hold of the payload
  std::uint32_t shape;    ///< which of the shapes that the batches have
  std::uint64_t payload_bytes;
  std::uint64_t checksum;  ///< of header (with this field 0), row notes and sample ids
  std::array<TensorEntry, kMaxTensors> tensors;
};
static_assert(std::is_trivially_copyable_v<SlotHeader>);
static_assert(sizeof(TensorEntry) == 96 && sizeof(SlotHeader) == 64 + 8 * 96 && sizeof(RowNote) == 16,
              "no hidden padding on the wire");

}  // namespace feedline

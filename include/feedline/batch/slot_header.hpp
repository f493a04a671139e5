#pragma once

#include <feedline/batch/batch_spec.hpp>

#include <array>
#include <cstdint>
#include <type_traits>

namespace feedline {

inline constexpr std::uint32_t kSlotMagic = 0x4C464453;  // "SDFL" in memory
inline constexpr std::uint16_t kSlotVersion = 3;

/// The part of the data that a batch belongs to.
enum class Split : std::uint8_t { kTrain = 0, kVal = 1 };

/// The kind of checksum of the payload in the row notes.
enum class ChecksumKind : std::uint32_t {
  kNone = 0,
  kHash = 1,  ///< hash64 of each row, the fastest on a CPU
  kSum = 2,   ///< sum64 of each row, which a GPU can compute as well
};

/// The description of one tensor in the slot header. Offsets are from the slot's start, in bytes.
struct TensorEntry {
  std::array<char, 16> name;
  std::uint8_t dtype;
  std::uint8_t dims;
  std::array<std::uint8_t, 6> reserved;
  std::array<std::int64_t, kMaxDims + 1> shape;  ///< Shape: [count, sample shape...]
  std::uint64_t offset;
  std::uint64_t bytes;
};

/// The facts about one row of a batch. Row notes follow the header.
struct RowNote {
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};

  std::uint64_t bad_id = kNone;  ///< Bad sample that this row was planned for, or kNone
  std::uint64_t checksum = 0;    ///< Checksum of the row in all tensors, where the batch is checked
};

/// The first bytes of every slot, followed by row notes and sample ids (one uint64 each). It is written and
/// read on the same kind of machine (little endian) and therefore copied unchanged.
struct SlotHeader {
  std::uint32_t magic;
  std::uint16_t version;
  Split split;
  std::uint8_t last_of_split;  ///< 1 on the last batch of its epoch and split
  std::uint64_t sequence;      ///< Number of the batch in its channel, from 0, never reused
  std::uint32_t epoch;
  std::uint32_t batch;     ///< Number of the batch in its epoch and split
  std::uint32_t count;     ///< Samples in the batch; later rows are unused
  std::uint32_t capacity;  ///< Rows that the batch has room for
  std::uint32_t tensor_count;
  std::uint32_t planned;  ///< Samples planned for it; those beyond `count` were dropped
  ChecksumKind checks;    ///< Kind of checksum in the row notes
  std::uint32_t bucket;   ///< Index of the batch's bucket
  std::uint64_t payload_bytes;
  std::uint64_t checksum;  ///< Checksum of header (with this field 0), row notes and sample ids
  std::array<TensorEntry, kMaxTensors> tensors;
};
static_assert(std::is_trivially_copyable_v<SlotHeader>);
static_assert(sizeof(TensorEntry) == 96 && sizeof(SlotHeader) == 64 + 8 * 96 && sizeof(RowNote) == 16,
              "no hidden padding on the wire");

}  // namespace feedline

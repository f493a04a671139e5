#pragma once

#include <feedline/batch/batch_spec.hpp>
#include <feedline/batch/slot_header.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// What a batch is, apart from its samples' ids and its data.
struct BatchInfo {
  Split split = Split::kTrain;
  bool last_of_split = false;
  std::uint64_t sequence = 0;
  std::uint32_t epoch = 0;
  std::uint32_t batch = 0;
  std::uint32_t count = 0;
};

/// View of one slot: header, sample ids, tensors. Cheap to copy; owns nothing; the BatchSpec must outlive it.
/// Different rows may be written by different threads at the same time.
class Slot {
 public:
  Slot() = default;
  Slot(std::byte* memory, const BatchSpec& spec) noexcept : memory_(memory), spec_(&spec) {}

  const BatchSpec& spec() const noexcept { return *spec_; }
  SlotHeader& header() const noexcept { return *reinterpret_cast<SlotHeader*>(memory_); }
  std::span<std::uint64_t> sample_ids() const noexcept;
  std::span<std::byte> bytes() const noexcept { return {memory_, spec_->slot_bytes()}; }

  /// Where the tensor's data starts: rows of `sample_bytes`, contiguous.
  std::byte* tensor(std::size_t index) const noexcept { return memory_ + spec_->offset(index); }

  /// The bytes of one sample of one tensor.
  std::span<std::byte> row(std::size_t tensor, std::uint32_t row) const noexcept;

  /// Writes the header of a new batch, all but its checksum.
  void begin(const BatchInfo& info) const noexcept;

  /// Takes the rows out for which `dropped` is not 0; those behind them move up. Between `begin` and `seal`.
  void drop_rows(std::span<const std::uint8_t> dropped) const noexcept;

  /// Writes the checksum; header and sample ids must not change afterwards.
  void seal() const noexcept;

  /// Throws PeerError when magic, version, layout, checksum or sequence number are not what they must be.
  void verify(std::uint64_t sequence) const;

 private:
  std::uint64_t checksum() const noexcept;

  std::byte* memory_ = nullptr;
  const BatchSpec* spec_ = nullptr;
};

}  // namespace feedline

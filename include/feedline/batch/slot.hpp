#pragma once

#include <feedline/batch/batch_spec.hpp>
#include <feedline/batch/slot_header.hpp>
#include <feedline/device/device.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
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
  std::uint32_t shape = 0;  ///< which one of the spec's
};

/// Where the words of a tensor's rows begin to count in sums of rows.
constexpr std::uint32_t first_place_of(std::size_t tensor) noexcept {
  return static_cast<std::uint32_t>(tensor) * 0x01000193u;
}

/// View of one slot: header, sample ids, tensors. Cheap to copy; owns nothing; the BatchSpec must outlive it.
/// Different rows may be written by different threads at the same time. Header and ids are in host memory;
/// the tensors lie behind them, or at the same places of a block on a device.
class Slot {
 public:
  Slot() = default;
  Slot(std::byte* memory, const BatchSpec& spec) noexcept : memory_(memory), tensors_(memory), spec_(&spec) {}

  /// The same batch with its tensors in `block` on `device`, at the same offsets.
  Slot with_tensors_on(const Device& device, std::byte* block) const noexcept {
    Slot other = *this;
    other.device_ = device;
    other.tensors_ = block;
    return other;
  }

  /// Where the tensors are; those of a GPU cannot be read from here.
  const Device& device() const noexcept { return device_; }

  const BatchSpec& spec() const noexcept { return *spec_; }

  /// Of the batch that the header tells of: after `begin` or `verify`.
  const BatchLayout& layout() const noexcept { return spec_->layout(header().shape); }

  SlotHeader& header() const noexcept { return *reinterpret_cast<SlotHeader*>(memory_); }
  /// Of the rows that are real.
  std::span<std::uint64_t> sample_ids() const noexcept;

  /// Of all rows that were planned; those of samples that were left out come last.
  std::span<RowNote> notes() const noexcept;

  std::span<std::byte> bytes() const noexcept { return {memory_, spec_->slot_bytes()}; }

  /// The part of it that the batch takes up; all of it when the header tells of no known shape.
  std::span<std::byte> used_bytes() const noexcept {
    return header().shape < spec_->shapes() ? bytes().first(layout().bytes()) : bytes();
  }

  /// Where the tensor's data starts: rows of `sample_bytes`, contiguous.
  std::byte* tensor(std::size_t index) const noexcept { return tensors_ + layout().offset(index); }

  /// The bytes of one sample of one tensor.
  std::span<std::byte> row(std::size_t tensor, std::uint32_t row) const noexcept;

  /// Writes the header of a new batch, all but its checksum.
  void begin(const BatchInfo& info) const noexcept;

  /// Notes the checksum of a row that is in its place. Before `seal`, which says what all rows have.
  void check_row(std::uint32_t row, Checks checks = Checks::kHash) const noexcept;

  /// Takes the rows out for which `dropped` is not 0; those behind them move up, their notes move to the
  /// end. Between `begin` and `seal`.
  void drop_rows(std::span<const std::uint8_t> dropped) const noexcept;

  /// Writes the checksum; header, notes and ids must not change afterwards. With checks, neither must
  /// the tensors.
  void seal(Checks checks = Checks::kNone) const noexcept;

  /// Throws PeerError when magic, version, layout, checksum or sequence number are not what they must be.
  void verify(std::uint64_t sequence) const;

  /// The first row whose bytes are not those that were sent; nothing when all are, or the batch is not
  /// checked. Reads the whole payload, which must be in host memory. After `verify`.
  std::optional<std::uint32_t> damaged_row() const noexcept;

  /// The same where a device has added up the rows that arrived.
  std::optional<std::uint32_t> damaged_row(std::span<const std::uint64_t> sums) const noexcept;

 private:
  void describe_tensors() const noexcept;
  std::uint64_t checksum() const noexcept;
  std::uint64_t row_checksum(std::uint32_t row, Checks checks) const noexcept;

  std::byte* memory_ = nullptr;
  std::byte* tensors_ = nullptr;
  const BatchSpec* spec_ = nullptr;
  Device device_;
};

}  // namespace feedline

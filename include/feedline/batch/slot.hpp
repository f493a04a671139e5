#pragma once

#include <feedline/batch/batch_spec.hpp>
#include <feedline/batch/slot_header.hpp>
#include <feedline/device/device.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace feedline {

/// The description of a batch, without its samples' ids and its data.
struct BatchInfo {
  Split split = Split::kTrain;
  bool last_of_split = false;
  std::uint64_t sequence = 0;
  std::uint32_t epoch = 0;
  std::uint32_t batch = 0;
  std::uint32_t count = 0;
  std::uint32_t bucket = 0;  ///< Index of the batch's bucket in the spec
};

/// Returns the place of the first word of a tensor's rows, for sums of rows (see sum64).
constexpr std::uint32_t first_place_of(std::size_t tensor) noexcept {
  return static_cast<std::uint32_t>(tensor) * 0x01000193u;
}

/// A view of one slot: header, row notes, sample ids and tensors. It is cheap to copy and owns no memory; the
/// BatchSpec must outlive it. Different threads may write different rows at the same time. Header, notes and
/// ids are in host memory. The tensors follow them, or lie at the same offsets of a block on a device.
///
///     const std::size_t label = slot.layout().index("label");
///     for (std::uint32_t row = 0; row < slot.header().count; ++row) {
///       std::int64_t value;
///       std::memcpy(&value, slot.row(label, row).data(), sizeof value);
///     }
class Slot {
 public:
  Slot() = default;
  Slot(std::byte* memory, const BatchSpec& spec) noexcept : memory_(memory), tensors_(memory), spec_(&spec) {}

  /// Returns a view of the same batch with its tensors in `block` on `device`, at the same offsets.
  Slot with_tensors_on(const Device& device, std::byte* block) const noexcept {
    Slot other = *this;
    other.device_ = device;
    other.tensors_ = block;
    return other;
  }

  /// Returns the device that holds the tensors. Tensors on a GPU cannot be read through this view.
  const Device& device() const noexcept { return device_; }

  const BatchSpec& spec() const noexcept { return *spec_; }

  /// Returns the layout of the batch in the header. Valid after `begin` or `verify`.
  const BatchLayout& layout() const noexcept { return spec_->layout(header().bucket); }

  SlotHeader& header() const noexcept { return *reinterpret_cast<SlotHeader*>(memory_); }
  /// Returns the ids of the rows that hold a sample.
  std::span<std::uint64_t> sample_ids() const noexcept;

  /// Returns the notes of all planned rows. Those of dropped rows come last.
  std::span<RowNote> notes() const noexcept;

  std::span<std::byte> bytes() const noexcept { return {memory_, spec_->slot_bytes()}; }

  /// Returns the bytes that the batch takes up, or all bytes when the header has no known shape.
  std::span<std::byte> used_bytes() const noexcept {
    return header().bucket < spec_->shapes() ? bytes().first(layout().bytes()) : bytes();
  }

  /// Returns the start of the tensor's data: contiguous rows of `sample_bytes` bytes each.
  std::byte* tensor(std::size_t index) const noexcept { return tensors_ + layout().offset(index); }

  /// Returns the bytes of one sample in one tensor.
  std::span<std::byte> row(std::size_t tensor, std::uint32_t row) const noexcept;

  /// Writes the header of a new batch, except its checksum.
  void begin(const BatchInfo& info) const noexcept;

  /// Records the checksum of a row that is in its place. Must precede `seal`, which records the kind of check
  /// for all rows.
  void check_row(std::uint32_t row, ChecksumKind checks = ChecksumKind::kHash) const noexcept;

  /// Removes the rows for which `dropped` is not 0. Rows after them move up, and the notes of the removed
  /// rows move to the end. Call it between `begin` and `seal`.
  void drop_rows(std::span<const std::uint8_t> dropped) const noexcept;

  /// Writes the checksum. Header, notes and ids must not change afterwards, and with checks the tensors must
  /// not change either.
  void seal(ChecksumKind checks = ChecksumKind::kNone) const noexcept;

  /// Throws PeerError when magic, version, layout, checksum or sequence is wrong.
  void verify(std::uint64_t sequence) const;

  /// Returns the first row whose bytes differ from the sent bytes, or std::nullopt when there is none or the
  /// batch is not checked. Reads the whole payload, which must be in host memory. Call it after `verify`.
  std::optional<std::uint32_t> damaged_row() const noexcept;

  /// As above, with the sums of the received rows that a device has computed.
  std::optional<std::uint32_t> damaged_row(std::span<const std::uint64_t> sums) const noexcept;

 private:
  void describe_tensors() const noexcept;
  std::uint64_t checksum() const noexcept;
  std::uint64_t row_checksum(std::uint32_t row, ChecksumKind checks) const noexcept;

  std::byte* memory_ = nullptr;
  std::byte* tensors_ = nullptr;
  const BatchSpec* spec_ = nullptr;
  Device device_;
};

}  // namespace feedline

#include <feedline/batch/slot.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/hash.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace feedline {
namespace {

TensorEntry describe(const TensorSpec& tensor, std::size_t offset, std::uint32_t count) noexcept {
  TensorEntry entry{};
  std::copy(tensor.name.begin(), tensor.name.end(), entry.name.begin());
  entry.dtype = static_cast<std::uint8_t>(tensor.dtype);
  entry.dims = static_cast<std::uint8_t>(tensor.shape.size() + 1);
  entry.shape[0] = count;
  std::copy(tensor.shape.begin(), tensor.shape.end(), entry.shape.begin() + 1);
  entry.offset = offset;
  entry.bytes = count * tensor.sample_bytes();
  return entry;
}

}  // namespace

std::span<std::uint64_t> Slot::sample_ids() const noexcept {
  std::byte* notes_end = memory_ + sizeof(SlotHeader) + spec_->capacity() * sizeof(RowNote);
  return {reinterpret_cast<std::uint64_t*>(notes_end), header().count};
}

std::span<RowNote> Slot::notes() const noexcept {
  return {reinterpret_cast<RowNote*>(memory_ + sizeof(SlotHeader)), header().planned};
}

std::span<std::byte> Slot::row(std::size_t tensor_index, std::uint32_t row) const noexcept {
  const std::size_t bytes = layout().tensors()[tensor_index].sample_bytes();
  return {tensor(tensor_index) + row * bytes, bytes};
}

void Slot::begin(const BatchInfo& info) const noexcept {
  SlotHeader& h = header();
  h = SlotHeader{};
  h.magic = kSlotMagic;
  h.version = kSlotVersion;
  h.split = info.split;
  h.last_of_split = info.last_of_split ? 1 : 0;
  h.sequence = info.sequence;
  h.epoch = info.epoch;
  h.batch = info.batch;
  h.count = info.count;
  h.planned = info.count;
  h.bucket = info.bucket;
  h.capacity = layout().capacity();
  h.tensor_count = static_cast<std::uint32_t>(layout().tensors().size());
  h.payload_bytes = layout().payload_bytes();
  describe_tensors();
  std::fill(notes().begin(), notes().end(), RowNote{});
}

std::uint64_t Slot::row_checksum(std::uint32_t index, ChecksumKind checks) const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t t = 0; t < layout().tensors().size(); ++t) {
    if (checks == ChecksumKind::kSum) {
      sum += sum64(row(t, index), first_place_of(t));
    } else {
      sum = hash64(row(t, index), sum);
    }
  }
  return sum;
}

void Slot::check_row(std::uint32_t index, ChecksumKind checks) const noexcept {
  notes()[index].checksum = row_checksum(index, checks);
}

std::optional<std::uint32_t> Slot::damaged_row() const noexcept {
  if (header().checks == ChecksumKind::kNone) return std::nullopt;
  for (std::uint32_t i = 0; i < header().count; ++i) {
    if (notes()[i].checksum != row_checksum(i, header().checks)) return i;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Slot::damaged_row(std::span<const std::uint64_t> sums) const noexcept {
  if (header().checks == ChecksumKind::kNone) return std::nullopt;
  for (std::uint32_t i = 0; i < header().count; ++i) {
    if (notes()[i].checksum != sums[i]) return i;
  }
  return std::nullopt;
}

void Slot::drop_rows(std::span<const std::uint8_t> dropped) const noexcept {
  SlotHeader& h = header();
  std::uint32_t kept = 0;
  std::vector<RowNote> left_out;
  for (std::uint32_t i = 0; i < h.count; ++i) {
    if (dropped[i] != 0) {
      left_out.push_back(notes()[i]);
      continue;
    }
    if (kept != i) {
      notes()[kept] = notes()[i];
      sample_ids()[kept] = sample_ids()[i];
      for (std::size_t t = 0; t < h.tensor_count; ++t)
        std::memcpy(row(t, kept).data(), row(t, i).data(), row(t, i).size());
    }
    ++kept;
  }
  std::copy(left_out.begin(), left_out.end(), notes().begin() + kept);
  h.count = kept;
  describe_tensors();
}

void Slot::describe_tensors() const noexcept {
  for (std::size_t i = 0; i < layout().tensors().size(); ++i)
    header().tensors[i] = describe(layout().tensors()[i], layout().offset(i), header().count);
}

void Slot::seal(ChecksumKind checks) const noexcept {
  header().checks = checks;
  header().checksum = checksum();
}

std::uint64_t Slot::checksum() const noexcept {
  SlotHeader copy = header();
  copy.checksum = 0;
  const std::uint64_t of_header = hash64(std::as_bytes(std::span(&copy, 1)));
  return hash64(std::as_bytes(sample_ids()), hash64(std::as_bytes(notes()), of_header));
}

void Slot::verify(std::uint64_t sequence) const {
  const SlotHeader& h = header();
  if (h.magic != kSlotMagic || h.version != kSlotVersion) {
    throw PeerError(
        fmt::format("Batch {} does not start with a feedline header (magic {:08x}, version {}): "
                    "the ranks do not run the same program.",
                    sequence, h.magic, h.version));
  }
  if (h.bucket >= spec_->shapes() || h.capacity != layout().capacity() || h.planned > h.capacity ||
      h.count > h.planned || h.payload_bytes != layout().payload_bytes() ||
      h.tensor_count != layout().tensors().size()) {
    throw PeerError(fmt::format("Batch {} has another layout than was agreed at the start.", sequence));
  }
  for (std::size_t i = 0; i < h.tensor_count; ++i) {
    const TensorEntry expected = describe(layout().tensors()[i], layout().offset(i), h.count);
    if (std::memcmp(&h.tensors[i], &expected, sizeof expected) != 0) {
      throw PeerError(fmt::format("Batch {} has another tensor than '{}', which was agreed at the start.",
                                  sequence, layout().tensors()[i].name));
    }
  }
  if (h.checksum != checksum()) {
    throw PeerError(fmt::format("The header of batch {} was damaged on its way (checksum).", sequence));
  }
  if (h.sequence != sequence) {
    throw PeerError(fmt::format("Expected batch {}, but batch {} arrived.", sequence, h.sequence));
  }
}

}  // namespace feedline

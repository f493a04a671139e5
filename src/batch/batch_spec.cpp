#include <feedline/batch/batch_spec.hpp>
#include <feedline/batch/sample_spans.hpp>
#include <feedline/batch/slot_header.hpp>
#include <feedline/common/errors.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace feedline {
namespace {

constexpr std::size_t align(std::size_t bytes) {
  return (bytes + kSlotAlignment - 1) / kSlotAlignment * kSlotAlignment;
}

bool same_kinds(const std::vector<TensorSpec>& a, const std::vector<TensorSpec>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const TensorSpec& x, const TensorSpec& y) {
    return x.name == y.name && x.dtype == y.dtype && x.shape.size() == y.shape.size();
  });
}

}  // namespace

BatchLayout::BatchLayout(BatchShape shape, std::size_t header_bytes)
    : shape_(std::move(shape)), header_bytes_(header_bytes), end_(header_bytes) {
  ensure(shape_.capacity > 0 && !shape_.tensors.empty() && shape_.tensors.size() <= kMaxTensors,
         "a batch has 1 to 8 tensors and 1 or more rows");
  for (const TensorSpec& tensor : shape_.tensors) {
    ensure(tensor.name.size() < sizeof(TensorEntry::name) && tensor.shape.size() <= kMaxDims,
           "tensor name or rank too large for the slot header");
    offsets_.push_back(end_);
    end_ += align(shape_.capacity * tensor.sample_bytes());
  }
}

bool BatchLayout::has(std::string_view name) const noexcept {
  return std::any_of(tensors().begin(), tensors().end(),
                     [&](const TensorSpec& tensor) { return tensor.name == name; });
}

std::size_t BatchLayout::index(std::string_view name) const {
  const auto found = std::find_if(tensors().begin(), tensors().end(),
                                  [&](const TensorSpec& tensor) { return tensor.name == name; });
  if (found == tensors().end())
    throw InternalError("The batch has no tensor named '" + std::string(name) + "'.");
  return static_cast<std::size_t>(found - tensors().begin());
}

BatchSpec::BatchSpec(const std::vector<BatchShape>& shapes) {
  ensure(!shapes.empty(), "a batch has a shape");
  for (const BatchShape& shape : shapes) {
    ensure(same_kinds(shape.tensors, shapes[0].tensors), "all shapes have the same tensors");
    capacity_ = std::max(capacity_, shape.capacity);
  }
  const std::size_t header_bytes =
      align(sizeof(SlotHeader) + capacity_ * (sizeof(RowNote) + sizeof(std::uint64_t)));
  for (const BatchShape& shape : shapes) {
    layouts_.emplace_back(shape, header_bytes);
    slot_bytes_ = std::max(slot_bytes_, layouts_.back().bytes());
  }
}

std::size_t BatchSpec::most_sample_bytes() const noexcept {
  std::size_t most = 0;
  for (const BatchLayout& layout : layouts_) most = std::max(most, sample_bytes(layout.tensors()));
  return most;
}

}  // namespace feedline

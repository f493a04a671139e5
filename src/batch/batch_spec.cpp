#include <feedline/batch/batch_spec.hpp>
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

}  // namespace

BatchSpec::BatchSpec(std::uint32_t capacity, std::vector<TensorSpec> tensors)
    : capacity_(capacity), tensors_(std::move(tensors)) {
  ensure(capacity_ > 0 && !tensors_.empty() && tensors_.size() <= kMaxTensors,
         "a batch has 1 to 8 tensors and 1 or more rows");
  header_bytes_ = align(sizeof(SlotHeader) + capacity_ * (sizeof(RowNote) + sizeof(std::uint64_t)));
  slot_bytes_ = header_bytes_;
  for (const TensorSpec& tensor : tensors_) {
    ensure(tensor.name.size() < sizeof(TensorEntry::name) && tensor.shape.size() <= kMaxDims,
           "tensor name or rank too large for the slot header");
    offsets_.push_back(slot_bytes_);
    slot_bytes_ += align(capacity_ * tensor.sample_bytes());
  }
}

std::size_t BatchSpec::index(std::string_view name) const {
  const auto found =
      std::find_if(tensors_.begin(), tensors_.end(), [&](const TensorSpec& t) { return t.name == name; });
  if (found == tensors_.end())
    throw InternalError("The batch has no tensor named '" + std::string(name) + "'.");
  return static_cast<std::size_t>(found - tensors_.begin());
}

}  // namespace feedline

#include "slot_tensor.hpp"

#include <feedline/common/errors.hpp>

#include <cstdint>
#include <vector>

namespace feedline {
namespace {

torch::ScalarType scalar_type(DType dtype) {
  switch (dtype) {
    case DType::kUInt8:
      return torch::kUInt8;
    case DType::kInt32:
      return torch::kInt32;
    case DType::kInt64:
      return torch::kInt64;
    case DType::kFloat32:
      return torch::kFloat32;
  }
  throw InternalError("A tensor of a type that torch does not know.");
}

}  // namespace

torch::Tensor slot_tensor(const Slot& batch, std::size_t index) {
  const TensorSpec& spec = batch.layout().tensors()[index];
  std::vector<std::int64_t> shape = {batch.header().count};
  shape.insert(shape.end(), spec.shape.begin(), spec.shape.end());
  const torch::Device device(batch.device().name());
  return torch::from_blob(batch.tensor(index), shape,
                          torch::TensorOptions(scalar_type(spec.dtype)).device(device));
}

torch::Tensor slot_tensor(const Slot& batch, std::string_view name) {
  return slot_tensor(batch, batch.layout().index(name));
}

}  // namespace feedline

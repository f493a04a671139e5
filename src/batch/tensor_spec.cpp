#include <feedline/batch/tensor_spec.hpp>

namespace feedline {

std::size_t element_bytes(DType dtype) noexcept {
  switch (dtype) {
    case DType::kUInt8:
      return 1;
    case DType::kInt32:
      return 4;
    case DType::kInt64:
      return 8;
    case DType::kFloat32:
      return 4;
  }
  return 0;
}

const char* dtype_name(DType dtype) noexcept {
  switch (dtype) {
    case DType::kUInt8:
      return "uint8";
    case DType::kInt32:
      return "int32";
    case DType::kInt64:
      return "int64";
    case DType::kFloat32:
      return "float32";
  }
  return "?";
}

std::size_t TensorSpec::sample_bytes() const noexcept {
  std::size_t bytes = element_bytes(dtype);
  for (const std::int64_t extent : shape) bytes *= static_cast<std::size_t>(extent);
  return bytes;
}

}  // namespace feedline

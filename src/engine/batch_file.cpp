#include "tensor_file.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/engine/batch_file.hpp>

#include <torch/torch.h>

#include <fstream>
#include <span>
#include <string>
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

torch::Tensor rows_of(const Slot& batch, std::size_t index) {
  const TensorSpec& spec = batch.layout().tensors()[index];
  std::vector<std::int64_t> shape = {batch.header().count};
  shape.insert(shape.end(), spec.shape.begin(), spec.shape.end());
  return torch::from_blob(batch.tensor(index), shape, scalar_type(spec.dtype)).clone();
}

}  // namespace

void write_batch_file(const std::filesystem::path& path, const Slot& batch) {
  NamedTensors tensors;
  for (std::size_t i = 0; i < batch.layout().tensors().size(); ++i)
    tensors.emplace_back(batch.layout().tensors()[i].name, rows_of(batch, i));
  const auto ids = batch.sample_ids();
  tensors.emplace_back(
      "sample_id",
      torch::from_blob(ids.data(), {static_cast<std::int64_t>(ids.size())}, torch::kInt64).clone());
  std::ofstream file(path, std::ios::binary);
  if (file) {
    save_tensors(tensors, [&](std::span<const std::byte> bytes) {
      file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    });
  }
  file.close();
  if (!file) throw UsageError("Cannot write " + path.string() + ". Check folder, permissions and space.");
}

}  // namespace feedline

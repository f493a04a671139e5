#include <feedline/common/errors.hpp>
#include <feedline/engine/batch_file.hpp>

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/pickler.h>
#include <torch/torch.h>

#include <fstream>
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
  const TensorSpec& spec = batch.spec().tensors()[index];
  std::vector<std::int64_t> shape = {batch.header().count};
  shape.insert(shape.end(), spec.shape.begin(), spec.shape.end());
  return torch::from_blob(batch.tensor(index), shape, scalar_type(spec.dtype)).clone();
}

/// torch.save's format. torch::pickle_save would note the types of containers, which torch.load refuses
/// unless it is told to trust the file.
void save_pickled(const c10::IValue& value, std::ostream& out) {
  std::string pickled;
  torch::jit::Pickler pickler([&](const char* bytes, std::size_t count) { pickled.append(bytes, count); },
                              nullptr, nullptr, nullptr, nullptr, /*tag_aggregates=*/false);
  pickler.protocol();
  pickler.pushIValue(value);
  pickler.stop();
  caffe2::serialize::PyTorchStreamWriter writer([&](const void* bytes, std::size_t count) {
    out.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(count));
    return out ? count : 0;
  });
  writer.writeRecord("data.pkl", pickled.data(), pickled.size());
  for (std::size_t i = 0; i < pickler.tensorData().size(); ++i) {
    const auto data = torch::jit::getWriteableTensorData(pickler.tensorData()[i]);
    writer.writeRecord("data/" + std::to_string(i), data.data(), data.sizeInBytes());
  }
  writer.writeEndOfFile();
}

}  // namespace

void write_batch_file(const std::filesystem::path& path, const Slot& batch) {
  c10::Dict<std::string, torch::Tensor> tensors;
  for (std::size_t i = 0; i < batch.spec().tensors().size(); ++i)
    tensors.insert(batch.spec().tensors()[i].name, rows_of(batch, i));
  const auto ids = batch.sample_ids();
  tensors.insert(
      "sample_id",
      torch::from_blob(ids.data(), {static_cast<std::int64_t>(ids.size())}, torch::kInt64).clone());
  std::ofstream file(path, std::ios::binary);
  if (file) save_pickled(tensors, file);
  file.close();
  if (!file) throw UsageError("Cannot write " + path.string() + ". Check folder, permissions and space.");
}

}  // namespace feedline

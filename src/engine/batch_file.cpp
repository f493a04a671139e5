#include "slot_tensor.hpp"
#include "tensor_file.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/engine/batch_file.hpp>

#include <torch/torch.h>

#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace feedline {

void write_batch_file(const std::filesystem::path& path, const Slot& batch) {
  NamedTensors tensors;
  for (std::size_t i = 0; i < batch.layout().tensors().size(); ++i)
    tensors.emplace_back(batch.layout().tensors()[i].name, slot_tensor(batch, i).clone());
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

#include "tensor_file.hpp"

#include "archive_check.hpp"
#include "torch_setup.hpp"

#include <feedline/common/errors.hpp>

#include <caffe2/serialize/inline_container.h>
#include <fmt/format.h>
#include <torch/csrc/jit/serialization/import_read.h>
#include <torch/csrc/jit/serialization/pickler.h>

#include <cstddef>
#include <exception>
#include <memory>
#include <span>

namespace feedline {
namespace {

constexpr const char* kArchive = "data";

/// Pickles a value. torch::pickle_save would also write the types of containers, which torch.load refuses
/// unless it is set to trust the file.
std::string pickle(const c10::IValue& value, std::vector<torch::Tensor>& tensors) {
  std::string pickled;
  torch::jit::Pickler pickler([&](const char* bytes, std::size_t count) { pickled.append(bytes, count); },
                              nullptr, nullptr, nullptr, nullptr, /*tag_aggregates=*/false);
  pickler.protocol();
  pickler.pushIValue(value);
  pickler.stop();
  tensors = pickler.tensorData();
  return pickled;
}

}  // namespace

void save_tensors(const NamedTensors& tensors, const ByteSink& sink) {
  c10::Dict<std::string, torch::Tensor> dict;
  for (const auto& [name, tensor] : tensors) dict.insert(name, tensor);
  std::vector<torch::Tensor> stored;
  const std::string pickled = pickle(dict, stored);
  std::exception_ptr trouble;  // not thrown through the writer: its destructor would end the program
  caffe2::serialize::PyTorchStreamWriter writer([&](const void* bytes, std::size_t count) {
    try {
      if (!trouble) sink({static_cast<const std::byte*>(bytes), count});
    } catch (...) {
      trouble = std::current_exception();
    }
    return count;
  });
  writer.writeRecord(std::string(kArchive) + ".pkl", pickled.data(), pickled.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const auto data = torch::jit::getWriteableTensorData(stored[i]);
    writer.writeRecord(fmt::format("{}/{}", kArchive, i), data.data(), data.sizeInBytes());
  }
  writer.writeEndOfFile();
  if (trouble) std::rethrow_exception(trouble);
}

NamedTensors load_tensors(const std::filesystem::path& path) {
  try {
    caffe2::serialize::PyTorchStreamReader reader(path.string());
    check_records(reader, kArchive, path);
    const c10::IValue value = torch::jit::readArchiveAndTensors(kArchive, "", "", std::nullopt, std::nullopt,
                                                                c10::Device(c10::kCPU), reader);
    NamedTensors tensors;
    for (const auto& entry : value.toGenericDict())
      tensors.emplace_back(entry.key().toStringRef(), entry.value().toTensor());
    return tensors;
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw UsageError(
        fmt::format("{} cannot be read as a dict of tensors ({}).", path.string(), torch_message(error)));
  }
}

}  // namespace feedline

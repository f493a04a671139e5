#include "archive_check.hpp"

#include "pickled_tensors.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {
namespace {

[[noreturn]] void throw_damaged(const std::filesystem::path& file, const PickledTensor& tensor,
                                const std::string& what) {
  throw UsageError(fmt::format("The file {} is damaged: tensor '{}' {}. Write or copy it anew.",
                               file.string(), tensor.name.empty() ? tensor.record : tensor.name, what));
}

}  // namespace

void check_records(caffe2::serialize::PyTorchStreamReader& reader, const std::string& archive,
                   const std::filesystem::path& file) {
  const std::string pickle = archive + ".pkl";
  if (!reader.hasRecord(pickle)) return;
  const auto [data, size] = reader.getRecord(pickle);
  for (const PickledTensor& tensor : tensors_in({static_cast<const std::byte*>(data.get()), size})) {
    const std::string record = archive + "/" + tensor.record;
    if (!reader.hasRecord(record)) throw_damaged(file, tensor, "has no values");
    const std::size_t there = reader.getRecordSize(record);
    const std::uint64_t needed = std::max(tensor.storage_bytes, tensor.needed_bytes);
    if (there < needed) throw_damaged(file, tensor, fmt::format("has {} bytes of {}", there, needed));
    if (tensor.storage_bytes < tensor.needed_bytes)
      throw_damaged(file, tensor,
                    fmt::format("has {} bytes of {}", tensor.storage_bytes, tensor.needed_bytes));
  }
}

}  // namespace feedline

#pragma once

#include <caffe2/serialize/inline_container.h>

#include <filesystem>
#include <string>

namespace feedline {

/// Compares the tensors of the pickle `archive` with the records that hold their values, before anything is
/// loaded: torch accepts records that are too short, and then reads and writes past their ends. Throws
/// UsageError naming `file` and the tensor.
void check_records(caffe2::serialize::PyTorchStreamReader& reader, const std::string& archive,
                   const std::filesystem::path& file);

}  // namespace feedline

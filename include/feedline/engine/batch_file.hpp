#pragma once

#include <feedline/batch/slot.hpp>

#include <filesystem>

namespace feedline {

/// Writes a batch's tensors, only its real rows, and `sample_id` int64, as a file that Python's torch.load
/// opens: a dict of tensors by name. Throws UsageError naming the file when it cannot be written.
void write_batch_file(const std::filesystem::path& path, const Slot& batch);

}  // namespace feedline

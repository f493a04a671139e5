#pragma once

#include "tensor_file.hpp"

#include <memory>
#include <vector>

namespace feedline {

/// Copies of tensors on the CPU, whose memory is reused once nobody reads them any more. One thread; any
/// thread may read the copies.
class SnapshotMemory {
 public:
  /// Blocks until everything is copied.
  std::shared_ptr<const NamedTensors> copy(const NamedTensors& live);

 private:
  std::vector<std::shared_ptr<NamedTensors>> copies_;
};

/// The state of the torch generators that training on `device` draws from (for dropout, say).
NamedTensors generator_states(torch::Device device);
void set_generator_states(const NamedTensors& states, torch::Device device);

/// Overwrites the tensors of the same names with those of `file`, which is called `name` in messages. Throws
/// UsageError when names, shapes or types differ.
void overwrite(const NamedTensors& live, const NamedTensors& file, const std::filesystem::path& name);

}  // namespace feedline

#pragma once

#include "tensor_file.hpp"

#include <memory>
#include <vector>

namespace feedline {

/// Copies of tensors on the CPU, whose memory is used again once nobody reads them any more. One thread; the
/// copies themselves may be read by any.
class SnapshotMemory {
 public:
  /// Blocks until all is copied.
  std::shared_ptr<const NamedTensors> copy(const NamedTensors& live);

 private:
  std::vector<std::shared_ptr<NamedTensors>> copies_;
};

/// The state of torch's generators that training on `device` draws from (dropout, say).
NamedTensors generator_states(torch::Device device);
void set_generator_states(const NamedTensors& states, torch::Device device);

/// Writes the tensors of `file`, which is called `name` in messages, over those of the same names. Throws
/// UsageError when names, shapes or types are not the same.
void overwrite(const NamedTensors& live, const NamedTensors& file, const std::filesystem::path& name);

}  // namespace feedline

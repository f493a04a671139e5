#pragma once

#include "step_graphs.hpp"
#include "torch_task.hpp"

#include <feedline/batch/slot.hpp>

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace feedline {

/// Records and replays the learning of whole batches, in memory of its own that each batch is written to. It
/// does not take short batches: they are few, and each size of them would need a graph.
class RecordedSteps {
 public:
  /// Adds to the gradients those of a batch in `inputs`, its losses multiplied by `factor`, float []; returns
  /// their sum, float [].
  using Learn =
      std::function<torch::Tensor(const std::vector<torch::Tensor>& inputs, const torch::Tensor& factor)>;

  /// `task` must outlive this object. Gradients must stay the same tensors from step to step.
  RecordedSteps(std::unique_ptr<WorkRecorder> recorder, RecordableTask& task, torch::Device device,
                Learn learn);

  /// Whether the batch has all rows of its shape.
  static bool is_whole(const Slot& batch) noexcept {
    return batch.header().count == batch.layout().capacity();
  }

  /// Learns from a whole batch. The next batch of its bucket overwrites the result.
  torch::Tensor learn(const Slot& batch, double factor);

  std::size_t recorded() const noexcept { return graphs_.recorded(); }

 private:
  /// The tensors that all batches of a bucket use.
  struct Places {
    std::vector<torch::Tensor> inputs;
    torch::Tensor loss;
  };

  RecordableTask& task_;
  Learn learn_;
  torch::Tensor factor_;
  std::map<std::uint32_t, Places> places_;
  StepGraphs graphs_;
};

}  // namespace feedline

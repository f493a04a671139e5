#pragma once

#include "network.hpp"

#include <feedline/batch/slot.hpp>
#include <feedline/checkpoint/checkpoint_folder.hpp>
#include <feedline/engine/learner.hpp>

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace feedline {

/// What is learned from batches: a network, its loss, and what a validation tells. One thread.
class TorchTask {
 public:
  virtual ~TorchTask() = default;

  virtual Network& network() noexcept = 0;

  /// Sum of the samples' losses, to be differentiated: float, whatever the network computes with. The network
  /// is in training mode.
  virtual torch::Tensor loss_sum(const Slot& batch) = 0;

  /// Adds one batch to the running validation. The network is in evaluation mode, no gradient is kept.
  virtual void evaluate(const Slot& batch) = 0;

  /// The figures since the last call.
  virtual ValResult finish_evaluation() = 0;

  /// What a checkpoint holds beside model and optimizer. The network is in evaluation mode.
  virtual std::vector<CheckpointPart> parts() { return {}; }

  /// What the network makes of sample `row` of a batch, as a PNG file's bytes; empty where there is nothing
  /// to show. The network is in evaluation mode.
  virtual std::vector<std::byte> draw(const Slot&, std::uint32_t) { return {}; }
};

/// Classification of pictures or of spectrograms: cross-entropy, and accuracy in validation.
std::unique_ptr<TorchTask> make_classify_task(const TrainOptions& options, const DataInfo& info,
                                              torch::Device device);

/// Text to spectrogram: see SpeechModel.
std::unique_ptr<TorchTask> make_speech_task(const TrainOptions& options, const DataInfo& info,
                                            torch::Device device);

}  // namespace feedline

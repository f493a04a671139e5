#pragma once

#include "named_rows.hpp"
#include "network.hpp"
#include "training_device.hpp"

#include <feedline/batch/slot.hpp>
#include <feedline/checkpoint/checkpoint_folder.hpp>
#include <feedline/engine/learner.hpp>

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace feedline {

/// A task whose work on the device is the same for all batches of a shape, so that it can be recorded:
/// nothing in it looks at what a batch holds from the host.
class RecordableTask {
 public:
  virtual ~RecordableTask() = default;

  /// Writes what is learned from the batch to `inputs`, on the device: makes them if there are none, else
  /// they are those of another batch of its shape with as many rows, and stay where they are.
  virtual void load(const Slot& batch, std::vector<torch::Tensor>& inputs) = 0;

  /// TorchTask::loss_sum of the batch that was loaded.
  virtual torch::Tensor loss_sum(const std::vector<torch::Tensor>& inputs) = 0;
};

/// What is learned from batches: a network, its loss, and what a validation tells. One thread.
class TorchTask {
 public:
  virtual ~TorchTask() = default;

  virtual Network& network() noexcept = 0;

  /// Sum of the samples' losses, to be differentiated: float, whatever the network computes with. The network
  /// is in training mode.
  virtual torch::Tensor loss_sum(const Slot& batch) = 0;

  /// Itself, if it is one.
  virtual RecordableTask* recordable() noexcept { return nullptr; }

  /// Adds one batch to the running validation. The network is in evaluation mode, no gradient is kept.
  virtual void evaluate(const Slot& batch) = 0;

  /// The figures since the last call.
  virtual ValResult finish_evaluation() = 0;

  /// Probabilities [rows, classes], of a task of classes. The network is in evaluation mode, no gradient is
  /// kept.
  virtual torch::Tensor classify(const Slot&) { return {}; }

  /// What a checkpoint holds beside model and optimizer. The network is in evaluation mode.
  virtual std::vector<CheckpointPart> parts() { return {}; }

  /// What rows of the network stand for.
  virtual NamedRows named_rows() const { return {}; }

  /// What the network makes of sample `row` of a batch, as a PNG file's bytes; empty where there is nothing
  /// to show. The network is in evaluation mode.
  virtual std::vector<std::byte> draw(const Slot&, std::uint32_t) { return {}; }
};

/// Classification of pictures or of spectrograms: cross-entropy, and accuracy in validation.
std::unique_ptr<TorchTask> make_classify_task(const TrainOptions& options, const DataInfo& info,
                                              const TrainingDevice& where);

/// Text to spectrogram: see SpeechModel.
std::unique_ptr<TorchTask> make_speech_task(const TrainOptions& options, const DataInfo& info,
                                            const TrainingDevice& where);

}  // namespace feedline

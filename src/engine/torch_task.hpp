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

/// A task whose work on the device is the same for all batches of a bucket, so that it can be recorded: no
/// part of it reads the contents of a batch from the host.
class RecordableTask {
 public:
  virtual ~RecordableTask() = default;

  /// Writes the inputs of learning from the batch to `inputs`, on the device. Makes them if there are none;
  /// otherwise they are those of another batch of its bucket with as many rows, and stay in place.
  virtual void load(const Slot& batch, std::vector<torch::Tensor>& inputs) = 0;

  /// TorchTask::loss_sum of the loaded batch.
  virtual torch::Tensor loss_sum(const std::vector<torch::Tensor>& inputs) = 0;
};

/// A network, its loss, and the figures of its validation. One thread.
class TorchTask {
 public:
  virtual ~TorchTask() = default;

  virtual Network& network() noexcept = 0;

  /// The sum of the samples' losses, to be differentiated: float, whatever type the network computes with.
  /// The network is in training mode.
  virtual torch::Tensor loss_sum(const Slot& batch) = 0;

  /// The task itself, if it can be recorded; else null.
  virtual RecordableTask* recordable() noexcept { return nullptr; }

  /// Adds one batch to the running validation. The network is in evaluation mode; no gradient is kept.
  virtual void evaluate(const Slot& batch) = 0;

  /// Returns the figures since the last call.
  virtual ValResult finish_evaluation() = 0;

  /// Probabilities [rows, classes], for a task with classes. The network is in evaluation mode; no gradient
  /// is kept.
  virtual torch::Tensor classify(const Slot&) { return {}; }

  /// The parts of a checkpoint besides model and optimizer. The network is in evaluation mode.
  virtual std::vector<CheckpointPart> parts() { return {}; }

  /// The meaning of rows of the network.
  virtual NamedRows named_rows() const { return {}; }

  /// Draws the network's output for sample `row` of a batch; returns the bytes of a PNG file, empty where
  /// there is nothing to show. The network is in evaluation mode.
  virtual std::vector<std::byte> draw(const Slot&, std::uint32_t) { return {}; }
};

/// Makes a task that classifies pictures or spectrograms: cross-entropy, and accuracy in validation.
std::unique_ptr<TorchTask> make_classify_task(const TrainSettings& options, const DataInfo& info,
                                              const TrainingDevice& where);

/// Makes a task that turns text into spectrograms: see SpeechModel.
std::unique_ptr<TorchTask> make_speech_task(const TrainSettings& options, const DataInfo& info,
                                            const TrainingDevice& where);

}  // namespace feedline

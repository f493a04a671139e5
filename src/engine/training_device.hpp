#pragma once

#include "precision.hpp"

#include <feedline/device/device_runtime.hpp>
#include <feedline/engine/learner.hpp>

#include <torch/torch.h>

#include <memory>

namespace feedline {

/// The device of a model's training and its settings.
struct TrainingDevice {
  torch::Device device;
  Precision precision;
  std::shared_ptr<DeviceRuntime> gpu;  ///< Null on the CPU
  std::shared_ptr<Stream> stream;      ///< Stream for all work of the calling thread; null on the CPU
};

/// Sets up torch for the calling thread, which must be the training thread, before the first tensor. Throws
/// DeviceError when the device cannot be trained on, UsageError when it lacks that precision.
TrainingDevice start_training_device(const TrainSettings& options);

}  // namespace feedline

#pragma once

#include "precision.hpp"

#include <feedline/device/device_runtime.hpp>
#include <feedline/engine/learner.hpp>

#include <torch/torch.h>

#include <memory>

namespace feedline {

/// Where a model is trained, and how.
struct TrainingDevice {
  torch::Device device;
  Precision precision;
  std::shared_ptr<DeviceRuntime> gpu;  ///< null on the CPU
  std::shared_ptr<Stream> stream;      ///< that all work of the calling thread goes into; null on the CPU
};

/// Sets up torch for the calling thread, which is the one that trains: before the first tensor. Throws
/// DeviceError when the device cannot be trained on, UsageError when it has not that precision.
TrainingDevice start_training_device(const TrainOptions& options);

}  // namespace feedline

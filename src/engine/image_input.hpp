#pragma once

#include "network.hpp"

#include <feedline/batch/slot.hpp>
#include <feedline/data/open_data.hpp>

#include <torch/torch.h>

namespace feedline {

/// From a batch slot to what the model takes: tensors `image` uint8 [C,H,W] and `label` int64 [] of a sample.
class ImageInput {
 public:
  /// Throws InternalError when the data has no such tensors.
  ImageInput(const DataInfo& info, torch::Device device);

  const PictureShape& shape() const noexcept { return shape_; }

  /// The batch's pictures on the device, float [count,C,H,W], (x / 255 - mean) / std per channel.
  torch::Tensor pictures(const Slot& batch) const;

  /// The batch's labels on the device, int64 [count]; on the CPU they lie in the slot.
  torch::Tensor labels(const Slot& batch) const;

 private:
  torch::Device device_;
  PictureShape shape_;
  torch::Tensor scale_, shift_;  ///< [1,C,1,1]: the normalisation as x * scale + shift
};

}  // namespace feedline

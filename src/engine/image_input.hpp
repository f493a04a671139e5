#pragma once

#include "network.hpp"

#include <feedline/batch/slot.hpp>
#include <feedline/data/open_data.hpp>

#include <torch/torch.h>

namespace feedline {

/// From a batch slot to what a classifier takes: of a sample, tensors `label` int64 [] and `image` uint8
/// [C,H,W] or `mel` float [mels,frames], which is a picture of one channel with a normalisation for each
/// band.
class ImageInput {
 public:
  /// Throws InternalError when the data has no such tensors.
  ImageInput(const DataInfo& info, torch::Device device);

  const PictureShape& shape() const noexcept { return shape_; }

  /// The batch's pictures on the device, float [count,C,H,W], (x / 255 - mean) / std per channel;
  /// spectrograms (x - mean) / std per band.
  torch::Tensor pictures(const Slot& batch) const;

  /// The batch's labels on the device, int64 [count]; on the CPU they lie in the slot.
  torch::Tensor labels(const Slot& batch) const;

 private:
  torch::Device device_;
  bool spectrograms_ = false;
  PictureShape shape_;
  torch::Tensor scale_, shift_;  ///< [1,C,1,1]: the normalisation as x * scale + shift
};

}  // namespace feedline

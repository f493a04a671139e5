#pragma once

#include "network.hpp"

#include <feedline/batch/slot.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/device/device_runtime.hpp>

#include <torch/torch.h>

#include <memory>
#include <vector>

namespace feedline {

/// Whether a convolution's weights lie so that it wants pictures with the channels of a pixel together. The
/// built-in ones do not: their group normalisation would make planes of it again on a GPU.
bool wants_channels_last(const std::vector<torch::Tensor>& parameters);

/// From a batch slot to what a classifier takes: of a sample, tensors `label` int64 [] and `image` uint8
/// [C,H,W] or `mel` float [mels,frames], which is a picture of one channel with a normalisation for each
/// band.
class ImageInput {
 public:
  /// Throws InternalError when the data has no such tensors.
  ImageInput(const DataInfo& info, torch::Device device);

  /// From now on `stream`, which the calling thread's work on the device goes into, makes pictures of
  /// `number` in one pass, with the channels of a pixel together if asked. Spectrograms are made as before.
  void make_pictures_by(std::shared_ptr<Stream> stream, torch::ScalarType number, bool channels_last);

  const PictureShape& shape() const noexcept { return shape_; }

  /// The batch's pictures on the device, float or what was asked for [count,C,H,W], (x / 255 - mean) / std
  /// per channel; spectrograms (x - mean) / std per band.
  torch::Tensor pictures(const Slot& batch) const;

  /// The same into a tensor that `pictures` made of another batch with as many.
  void write_pictures(const Slot& batch, torch::Tensor& to) const;

  /// The batch's labels on the device, int64 [count]; on the CPU they lie in the slot.
  torch::Tensor labels(const Slot& batch) const;

 private:
  torch::Tensor empty_pictures(std::int64_t count) const;

  torch::Device device_;
  bool spectrograms_ = false;
  PictureShape shape_;
  torch::Tensor scale_, shift_;  ///< [1,C,1,1]: the normalisation as x * scale + shift
  std::shared_ptr<Stream> stream_;
  torch::ScalarType number_ = torch::kFloat;
  bool channels_last_ = false;
};

}  // namespace feedline

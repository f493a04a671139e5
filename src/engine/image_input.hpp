#pragma once

#include "network.hpp"

#include <feedline/batch/slot.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/device/device_runtime.hpp>

#include <torch/torch.h>

#include <memory>
#include <vector>

namespace feedline {

/// Whether a convolution's weights are laid out for pictures with the channels of a pixel together. Those of
/// the built-in models are not: their group normalisation would turn such pictures into planes again on a
/// GPU.
bool wants_channels_last(const std::vector<torch::Tensor>& parameters);

/// Turns a batch slot into the input of a classifier. A sample has the tensors `label` int64 [] and `image`
/// uint8 [C,H,W] or `mel` float [mels,frames]; the latter is a picture of one channel with a normalisation
/// for each band.
class ImageInput {
 public:
  /// Throws InternalError when the data has no such tensors.
  ImageInput(const DataInfo& info, torch::Device device);

  /// From now on `stream`, which receives the calling thread's work on the device, makes pictures of `number`
  /// in one pass, with the channels of a pixel together if requested. Spectrograms are made as before.
  void make_pictures_by(std::shared_ptr<Stream> stream, torch::ScalarType number, bool channels_last);

  const PictureShape& shape() const noexcept { return shape_; }

  /// The batch's pictures on the device, float or the requested type [count,C,H,W], (x / 255 - mean) / std
  /// per channel; spectrograms (x - mean) / std per band.
  torch::Tensor pictures(const Slot& batch) const;

  /// Writes the same into a tensor that `pictures` made from another batch of the same count.
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

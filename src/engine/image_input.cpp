#include "image_input.hpp"

#include "slot_tensor.hpp"

#include <feedline/common/errors.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace feedline {
namespace {

const TensorSpec* find(const DataInfo& info, std::string_view name) {
  for (const TensorSpec& tensor : info.tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

FloatType number_of(torch::ScalarType type) {
  if (type == torch::kBFloat16) return FloatType::kBFloat16;
  return type == torch::kHalf ? FloatType::kFloat16 : FloatType::kFloat32;
}

}  // namespace

bool wants_channels_last(const std::vector<torch::Tensor>& parameters) {
  return std::any_of(parameters.begin(), parameters.end(), [](const torch::Tensor& each) {
    return each.dim() == 4 && each.is_contiguous(torch::MemoryFormat::ChannelsLast) && !each.is_contiguous();
  });
}

ImageInput::ImageInput(const DataInfo& info, torch::Device device) : device_(device) {
  const TensorSpec* image = find(info, "image");
  const TensorSpec* label = find(info, "label");
  const TensorSpec* mel = find(info, "mel");
  ensure((image != nullptr && image->dtype == DType::kUInt8 && image->shape.size() == 3) ||
             (mel != nullptr && mel->dtype == DType::kFloat32 && mel->shape.size() == 2),
         "Pictures must come as a tensor 'image', uint8 [C,H,W], or 'mel', float [mels,frames].");
  ensure(label != nullptr && label->dtype == DType::kInt64 && label->shape.empty(),
         "Classes must come as a tensor 'label', int64.");
  spectrograms_ = image == nullptr;
  shape_ = spectrograms_ ? PictureShape{1, mel->shape[0], mel->shape[1]}
                         : PictureShape{image->shape[0], image->shape[1], image->shape[2]};

  const auto& [mean, std] = info.normalization;
  const auto values = static_cast<std::size_t>(spectrograms_ ? shape_.height : shape_.channels);
  ensure(mean.size() == values && std.size() == values, "The normalisation must have one value a channel.");
  const auto per_channel = [&](const std::vector<float>& each) {
    return torch::tensor(each).view(spectrograms_ ? torch::IntArrayRef{1, 1, shape_.height, 1}
                                                  : torch::IntArrayRef{1, shape_.channels, 1, 1});
  };
  scale_ = (1 / ((spectrograms_ ? 1 : 255) * per_channel(std))).to(device_);
  shift_ = (-per_channel(mean) / per_channel(std)).to(device_);
}

void ImageInput::make_pictures_by(std::shared_ptr<Stream> stream, torch::ScalarType number,
                                  bool channels_last) {
  stream_ = std::move(stream);
  number_ = number;
  channels_last_ = channels_last;
}

torch::Tensor ImageInput::empty_pictures(std::int64_t count) const {
  const auto format = channels_last_ ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous;
  return torch::empty({count, shape_.channels, shape_.height, shape_.width},
                      torch::TensorOptions(number_).device(device_).memory_format(format));
}

torch::Tensor ImageInput::pictures(const Slot& batch) const {
  if (spectrograms_) {
    const torch::Tensor mel = slot_tensor(batch, "mel").unsqueeze(1);
    return torch::addcmul(shift_, mel.to(device_), scale_);
  }
  if (stream_) {
    torch::Tensor pictures = empty_pictures(batch.header().count);
    write_pictures(batch, pictures);
    return pictures;
  }
  return slot_tensor(batch, "image").to(device_).to(torch::kFloat).mul_(scale_).add_(shift_);
}

void ImageInput::write_pictures(const Slot& batch, torch::Tensor& to) const {
  if (spectrograms_ || !stream_) {
    to.copy_(pictures(batch));
    return;
  }
  const torch::Tensor bytes = slot_tensor(batch, "image").to(device_);
  const Pictures from{reinterpret_cast<const std::byte*>(bytes.const_data_ptr<std::uint8_t>()),
                      batch.header().count,
                      static_cast<std::uint32_t>(shape_.channels),
                      static_cast<std::uint32_t>(shape_.height * shape_.width),
                      scale_.const_data_ptr<float>(),
                      shift_.const_data_ptr<float>()};
  stream_->normalise(from, {static_cast<std::byte*>(to.mutable_data_ptr()), number_of(number_),
                            channels_last_ ? PictureLayout::kChannelsLast : PictureLayout::kPlanes});
}

torch::Tensor ImageInput::labels(const Slot& batch) const {
  return slot_tensor(batch, "label").to(device_);
}

}  // namespace feedline

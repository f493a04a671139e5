#include "speech_batch.hpp"

#include "slot_tensor.hpp"

#include <feedline/common/errors.hpp>

namespace feedline {
torch::Tensor mask_of(const torch::Tensor& lengths, std::int64_t size) {
  return (torch::arange(size, lengths.options()).unsqueeze(0) < lengths.unsqueeze(1)).to(torch::kFloat);
}

SpeechBatch SpeechBatch::only(std::int64_t row) const {
  const auto part = [row](const torch::Tensor& all) { return all.slice(0, row, row + 1).clone(); };
  return {part(tokens), part(text_lengths), part(text_mask), part(mel), part(lengths), part(mel_mask)};
}

SpeechBatch SpeechBatch::with_other_texts() const {
  SpeechBatch other = *this;
  other.tokens = tokens.roll(1, 0);
  other.text_lengths = text_lengths.roll(1, 0);
  other.text_mask = text_mask.roll(1, 0);
  return other;
}

SpeechInput::SpeechInput(const DataInfo& info, torch::Device device) : device_(device) {
  for (const TensorSpec& tensor : info.tensors) {
    if (tensor.name == "mel" && tensor.shape.size() == 2) mels_ = tensor.shape[0];
  }
  const auto& [mean, std] = info.normalization;
  ensure(
      mels_ > 0 && static_cast<std::int64_t>(mean.size()) == mels_ && std.size() == mean.size(),
      "Spectrograms must come as a tensor 'mel', float [mels,frames], with a normalisation for each band.");
  mean_ = torch::tensor(mean).view({mels_, 1}).to(device_);
  std_ = torch::tensor(std).view({mels_, 1}).to(device_);
}

SpeechBatch SpeechInput::batch(const Slot& slot) const {
  SpeechBatch batch;
  batch.tokens = slot_tensor(slot, "tokens").to(device_);
  batch.text_lengths = slot_tensor(slot, "text_lengths").to(device_);
  batch.lengths = slot_tensor(slot, "lengths").to(device_);
  const torch::Tensor mel = slot_tensor(slot, "mel").to(device_);
  batch.text_mask = mask_of(batch.text_lengths, batch.tokens.size(1));
  batch.mel_mask = mask_of(batch.lengths, mel.size(2));
  const torch::Tensor normalised = (mel - mean_) / std_;
  batch.mel =
      torch::where(batch.mel_mask.unsqueeze(1) > 0, normalised, torch::zeros({}, normalised.options()));
  return batch;
}

}  // namespace feedline

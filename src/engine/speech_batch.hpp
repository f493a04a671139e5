#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/data/open_data.hpp>

#include <torch/torch.h>

#include <cstdint>

namespace feedline {

/// Texts and spectrograms of a batch on the device, padded to the batch's shape.
struct SpeechBatch {
  torch::Tensor tokens;        ///< int64 [B,text]
  torch::Tensor text_lengths;  ///< int64 [B]
  torch::Tensor text_mask;     ///< float [B,text], 1 where there is text
  torch::Tensor mel;           ///< float [B,mels,frames], per band (x - mean) / std, 0 in the padding
  torch::Tensor lengths;       ///< int64 [B], in frames
  torch::Tensor mel_mask;      ///< float [B,frames]

  /// The batch of sample `row` alone.
  SpeechBatch only(std::int64_t row) const;

  /// The same spectrograms, each with the text of the sample before it.
  SpeechBatch with_other_texts() const;
};

/// Turns slots with `tokens` int64 [text], `text_lengths` int64 [], `mel` float [mels,frames] and `lengths`
/// int64 [] per sample into batches.
class SpeechInput {
 public:
  /// Throws InternalError when the data has no such tensors.
  SpeechInput(const DataInfo& info, torch::Device device);

  std::int64_t mels() const noexcept { return mels_; }

  SpeechBatch batch(const Slot& slot) const;

  /// Reverses the normalisation of a spectrogram; [...,mels,frames].
  torch::Tensor denormalised(const torch::Tensor& mel) const { return mel * std_ + mean_; }

  /// Standard deviation per band, [mels,1].
  const torch::Tensor& std() const noexcept { return std_; }

 private:
  torch::Device device_;
  std::int64_t mels_ = 0;
  torch::Tensor mean_, std_;  ///< [mels,1]
};

/// float [B,size]: 1 at places below each length.
torch::Tensor mask_of(const torch::Tensor& lengths, std::int64_t size);

}  // namespace feedline

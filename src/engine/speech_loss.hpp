#pragma once

#include "speech_model.hpp"

namespace feedline {

/// Mean of |predicted - true| over bands and frames of each sample, normalised, without padding; float [B].
torch::Tensor masked_mel_l1(const torch::Tensor& predicted, const SpeechBatch& batch);

/// Each sample's loss, float [B]: the model's own, or the masked L1 where it has no alignment; else masked L1
/// + forward-sum + binarisation + 0.1 x squared error of ln(1 + duration). The binarisation pulls the soft
/// alignment to the hard one (Badlani et al., eq. 11). No loss depends on the amount of padding or its
/// content.
torch::Tensor speech_loss(const SpeechOutput& output, const SpeechBatch& batch);

/// Mean over frames of the largest probability of a token; float [B]. 1: every frame is certain of its token.
torch::Tensor focus_rate(const Alignment& alignment, const SpeechBatch& batch);

}  // namespace feedline

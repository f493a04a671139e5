#pragma once

#include <torch/torch.h>

namespace feedline {

/// The likeliest monotonic path of each sample: every frame belongs to one token, tokens come in order, and
/// none is left out (Kim et al., "Glow-TTS", NeurIPS 2020, algorithm 1). A sample with fewer frames than
/// tokens skips tokens evenly.
///
/// `log_probabilities` is float [B,frames,text] on the CPU; lengths are int64 [B]. Returns float
/// [B,frames,text] of zeros and ones, zeros in the padding. Uses torch's threads.
torch::Tensor monotonic_alignment(const torch::Tensor& log_probabilities, const torch::Tensor& text_lengths,
                                  const torch::Tensor& lengths);

}  // namespace feedline

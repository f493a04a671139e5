#pragma once

#include "speech_batch.hpp"

#include <torch/torch.h>

#include <cstdint>

namespace feedline {

/// The token that each frame belongs to.
struct Alignment {
  torch::Tensor log_scores;  ///< float [B,frames,text]: before the softmax over tokens; -1e4 in the padding
  torch::Tensor soft;        ///< float [B,frames,text]: probabilities, 0 in the padding
  torch::Tensor hard;        ///< Likeliest monotonic path, see monotonic_alignment(); no gradient
};

/// Learns alignment from text and spectrogram alone: convolutions over both, scores by squared distance, a
/// prior that favours the diagonal (Badlani et al., "One TTS alignment to rule them all", ICASSP 2022; sizes
/// as in NeMo's AlignmentEncoder).
class AlignerImpl : public torch::nn::Module {
 public:
  AlignerImpl(std::int64_t width, std::int64_t mels);

  /// `embedded` is float [B,text,width].
  Alignment forward(const torch::Tensor& embedded, const SpeechBatch& batch);

 private:
  torch::nn::Conv1d key_first_{nullptr}, key_second_{nullptr};
  torch::nn::Conv1d query_first_{nullptr}, query_second_{nullptr}, query_third_{nullptr};
};
TORCH_MODULE(Aligner);

/// Log of the beta-binomial prior, float [B,frames,text]: frame i of M sees token k of N with probability
/// BetaBinomial(k; N - 1, i + 1, M - i).
torch::Tensor log_alignment_prior(const torch::Tensor& text_lengths, const torch::Tensor& lengths,
                                  std::int64_t text, std::int64_t frames);

/// Per sample, minus the log likelihood of all monotonic alignments, by CTC with a blank of log probability
/// -1, divided by the number of tokens; float [B].
torch::Tensor forward_sum_loss(const Alignment& alignment, const SpeechBatch& batch);

}  // namespace feedline

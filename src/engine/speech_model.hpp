#pragma once

#include "aligner.hpp"
#include "network.hpp"
#include "speech_batch.hpp"

#include <feedline/engine/learner.hpp>

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace feedline {

/// Widths and depths of a text-to-spectrogram model.
struct SpeechPlan {
  std::int64_t width, layers, heads, inner;
};

SpeechPlan speech_plan(ModelSize size);

/// The model's output for a batch.
struct SpeechOutput {
  torch::Tensor mel;            ///< float [B,mels,frames], normalised, 0 in the padding
  torch::Tensor log_durations;  ///< float [B,text]: predicted ln(1 + frames)
  Alignment alignment;          ///< Undefined tensors where the model has none
  torch::Tensor loss;           ///< float [B]: for models that compute their own, else undefined
};

/// Self-attention, then two convolutions over time, each applied to the normalised input and added to it.
/// Padding is neither read nor changed.
class FeedForwardTransformerBlockImpl : public torch::nn::Module {
 public:
  explicit FeedForwardTransformerBlockImpl(const SpeechPlan& plan);

  /// `x` is float [B,length,width], `mask` float [B,length].
  torch::Tensor forward(torch::Tensor x, const torch::Tensor& mask);

 private:
  torch::Tensor attend(const torch::Tensor& x, const torch::Tensor& mask);

  std::int64_t heads_;
  torch::nn::LayerNorm attention_norm_{nullptr}, convolution_norm_{nullptr};
  torch::nn::Linear projections_{nullptr}, joined_{nullptr};
  torch::nn::Conv1d widen_{nullptr}, narrow_{nullptr};
  torch::nn::Dropout dropout_{nullptr};
};
TORCH_MODULE(FeedForwardTransformerBlock);

/// A sequence of such blocks, over an input with sinusoidal positions.
class FeedForwardTransformerImpl : public torch::nn::Module {
 public:
  explicit FeedForwardTransformerImpl(const SpeechPlan& plan);
  torch::Tensor forward(torch::Tensor x, const torch::Tensor& mask);

 private:
  std::vector<FeedForwardTransformerBlock> blocks_;
  torch::nn::LayerNorm norm_{nullptr};
};
TORCH_MODULE(FeedForwardTransformer);

/// Predicts ln(1 + frames) of each token.
class DurationPredictorImpl : public torch::nn::Module {
 public:
  explicit DurationPredictorImpl(std::int64_t width);
  torch::Tensor forward(const torch::Tensor& encoded, const torch::Tensor& mask);

 private:
  torch::nn::Conv1d first_{nullptr}, second_{nullptr};
  torch::nn::LayerNorm first_norm_{nullptr}, second_norm_{nullptr};
  torch::nn::Linear out_{nullptr};
  torch::nn::Dropout dropout_{nullptr};
};
TORCH_MODULE(DurationPredictor);

/// Turns text into a spectrogram in one pass: encodes the text, repeats each token for its frames, decodes.
/// The frames of each token are learned alongside (FastPitch with a learned alignment and without pitch;
/// Lancucki, ICASSP 2021).
class SpeechModel : public torch::nn::Module {
 public:
  SpeechModel(const SpeechPlan& plan, std::int64_t symbols, std::int64_t mels);

  SpeechOutput forward(const SpeechBatch& batch);

  /// See SpeechNetwork.
  torch::Tensor speak(const SpeechBatch& one);

 private:
  torch::nn::Embedding embedding_{nullptr};
  FeedForwardTransformer encoder_{nullptr}, decoder_{nullptr};
  Aligner aligner_{nullptr};
  DurationPredictor durations_{nullptr};
  torch::nn::Linear out_{nullptr};
};

/// Any speech model that can be trained.
class SpeechNetwork : public Network {
 public:
  virtual SpeechOutput forward(const SpeechBatch& batch) = 0;

  /// The spectrogram of a batch of one text, float [1,mels,frames], normalised, with as many frames for each
  /// token as the model itself predicts; the recording is not used. Undefined when the model predicts none.
  virtual torch::Tensor speak(const SpeechBatch&) { return {}; }
};

std::unique_ptr<SpeechNetwork> make_built_in_speech(ModelSize size, std::int64_t symbols, std::int64_t mels);

/// Loads a TorchScript file that maps a Dict[str, Tensor] of a batch's tensors (mel normalised) to one with
/// `mel`, and `loss` [B] if the model has its own; without one it learns by the masked L1. It is tried on a
/// made-up batch. Throws UsageError like load_script_module, when its input or output is of another kind, or
/// when it has no row for some of the `symbols` of the vocabulary.
std::unique_ptr<SpeechNetwork> load_speech_script(const std::filesystem::path& path, std::int64_t mels,
                                                  std::int64_t symbols, torch::Device device);

}  // namespace feedline

#include "speech_model.hpp"

#include <cmath>
#include <string>
#include <utility>

namespace feedline {
namespace {

constexpr double kDropout = 0.1;
constexpr std::int64_t kKernel = 3;

torch::nn::Conv1d convolution_in_time(std::int64_t in, std::int64_t out) {
  return torch::nn::Conv1d(torch::nn::Conv1dOptions(in, out, kKernel).padding(kKernel / 2));
}

torch::nn::LayerNorm norm_of_width(std::int64_t width) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}));
}

/// Returns the positional encoding of Vaswani et al., "Attention is all you need", 2017, section 3.5; float
/// [length,width].
torch::Tensor positions(std::int64_t length, std::int64_t width, const torch::TensorOptions& options) {
  const torch::Tensor place = torch::arange(length, options).unsqueeze(1);
  const torch::Tensor rate =
      torch::exp(torch::arange(0, width, 2, options) * (-std::log(10000.0) / static_cast<double>(width)));
  return torch::cat({torch::sin(place * rate), torch::cos(place * rate)}, 1);
}

/// Applies a convolution over time to [B,length,channels].
torch::Tensor over_time(torch::nn::Conv1d& layer, const torch::Tensor& x) {
  return layer(x.transpose(1, 2)).transpose(1, 2);
}

/// Largest predicted duration of one token, in frames: a model that is hardly trained may predict any number.
constexpr double kMostFrames = 200;

class BuiltInSpeech final : public ModuleNetwork<SpeechNetwork, SpeechModel> {
 public:
  using ModuleNetwork::ModuleNetwork;
  SpeechOutput forward(const SpeechBatch& batch) override { return module().forward(batch); }
  torch::Tensor speak(const SpeechBatch& one) override { return module().speak(one); }
};

}  // namespace

SpeechPlan speech_plan(ModelSize size) {
  switch (size) {
    case ModelSize::kTiny:
      return {128, 2, 2, 512};
    case ModelSize::kSmall:
      return {192, 3, 3, 768};
    case ModelSize::kNormal:
      return {256, 4, 4, 1024};
    case ModelSize::kBig:
      break;
  }
  return {384, 6, 6, 1536};
}

FeedForwardTransformerBlockImpl::FeedForwardTransformerBlockImpl(const SpeechPlan& plan)
    : heads_(plan.heads),
      attention_norm_(register_module("attention_norm", norm_of_width(plan.width))),
      convolution_norm_(register_module("convolution_norm", norm_of_width(plan.width))),
      projections_(register_module("projections", torch::nn::Linear(plan.width, 3 * plan.width))),
      joined_(register_module("joined", torch::nn::Linear(plan.width, plan.width))),
      widen_(register_module("widen", convolution_in_time(plan.width, plan.inner))),
      narrow_(register_module("narrow", convolution_in_time(plan.inner, plan.width))),
      dropout_(register_module("dropout", torch::nn::Dropout(kDropout))) {}

torch::Tensor FeedForwardTransformerBlockImpl::attend(const torch::Tensor& x, const torch::Tensor& mask) {
  const std::int64_t batch = x.size(0), length = x.size(1), width = x.size(2);
  const torch::Tensor split =
      projections_(x).view({batch, length, 3, heads_, width / heads_}).permute({2, 0, 3, 1, 4});
  const torch::Tensor looked_at = (mask > 0).view({batch, 1, 1, length});
  const torch::Tensor seen = torch::scaled_dot_product_attention(split[0], split[1], split[2], looked_at);
  return joined_(seen.transpose(1, 2).reshape({batch, length, width}));
}

torch::Tensor FeedForwardTransformerBlockImpl::forward(torch::Tensor x, const torch::Tensor& mask) {
  const torch::Tensor rows = mask.unsqueeze(2);
  x = x + dropout_(attend(attention_norm_(x), mask)) * rows;
  const torch::Tensor wide = torch::relu(over_time(widen_, convolution_norm_(x) * rows)) * rows;
  return x + dropout_(over_time(narrow_, wide)) * rows;
}

FeedForwardTransformerImpl::FeedForwardTransformerImpl(const SpeechPlan& plan)
    : norm_(register_module("norm", norm_of_width(plan.width))) {
  for (std::int64_t i = 0; i < plan.layers; ++i)
    blocks_.push_back(register_module("block" + std::to_string(i), FeedForwardTransformerBlock(plan)));
}

torch::Tensor FeedForwardTransformerImpl::forward(torch::Tensor x, const torch::Tensor& mask) {
  x = (x + positions(x.size(1), x.size(2), torch::TensorOptions(torch::kFloat).device(x.device()))) *
      mask.unsqueeze(2);
  for (FeedForwardTransformerBlock& block : blocks_) x = block(x, mask);
  return norm_(x) * mask.unsqueeze(2);
}

DurationPredictorImpl::DurationPredictorImpl(std::int64_t width)
    : first_(register_module("first", convolution_in_time(width, width))),
      second_(register_module("second", convolution_in_time(width, width))),
      first_norm_(register_module("first_norm", norm_of_width(width))),
      second_norm_(register_module("second_norm", norm_of_width(width))),
      out_(register_module("out", torch::nn::Linear(width, 1))),
      dropout_(register_module("dropout", torch::nn::Dropout(kDropout))) {}

torch::Tensor DurationPredictorImpl::forward(const torch::Tensor& encoded, const torch::Tensor& mask) {
  const torch::Tensor rows = mask.unsqueeze(2);
  torch::Tensor x = dropout_(first_norm_(torch::relu(over_time(first_, encoded)))) * rows;
  x = dropout_(second_norm_(torch::relu(over_time(second_, x)))) * rows;
  return out_(x).squeeze(2) * mask;
}

SpeechModel::SpeechModel(const SpeechPlan& plan, std::int64_t symbols, std::int64_t mels)
    : embedding_(register_module(
          "embedding",
          torch::nn::Embedding(torch::nn::EmbeddingOptions(symbols, plan.width).padding_idx(0)))),
      encoder_(register_module("encoder", FeedForwardTransformer(plan))),
      decoder_(register_module("decoder", FeedForwardTransformer(plan))),
      aligner_(register_module("aligner", Aligner(plan.width, mels))),
      durations_(register_module("durations", DurationPredictor(plan.width))),
      out_(register_module("out", torch::nn::Linear(plan.width, mels))) {}

SpeechOutput SpeechModel::forward(const SpeechBatch& batch) {
  const torch::Tensor embedded = embedding_(batch.tokens) * batch.text_mask.unsqueeze(2);
  const torch::Tensor encoded = encoder_(embedded, batch.text_mask);
  SpeechOutput output;
  output.alignment = aligner_(embedded, batch);
  output.log_durations = durations_(encoded.detach(), batch.text_mask);
  // A product instead of repeat_interleave: its shape does not depend on the data.
  const torch::Tensor expanded = torch::bmm(output.alignment.hard, encoded);
  const torch::Tensor decoded = decoder_(expanded, batch.mel_mask);
  output.mel = out_(decoded).transpose(1, 2) * batch.mel_mask.unsqueeze(1);
  return output;
}

torch::Tensor SpeechModel::speak(const SpeechBatch& one) {
  const torch::Tensor embedded = embedding_(one.tokens) * one.text_mask.unsqueeze(2);
  const torch::Tensor encoded = encoder_(embedded, one.text_mask);
  const torch::Tensor frames =
      (durations_(encoded, one.text_mask).exp() - 1).round().clamp(1, kMostFrames) * one.text_mask;
  const torch::Tensor expanded = encoded[0].repeat_interleave(frames[0].to(torch::kLong), 0).unsqueeze(0);
  const torch::Tensor mask = torch::ones({1, expanded.size(1)}, one.text_mask.options());
  return out_(decoder_(expanded, mask)).transpose(1, 2);
}

std::unique_ptr<SpeechNetwork> make_built_in_speech(ModelSize size, std::int64_t symbols, std::int64_t mels) {
  return std::make_unique<BuiltInSpeech>(std::make_shared<SpeechModel>(speech_plan(size), symbols, mels));
}

}  // namespace feedline

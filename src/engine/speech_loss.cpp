#include "speech_loss.hpp"

#include "precision.hpp"

namespace feedline {
namespace {

constexpr double kDurationWeight = 0.1;
constexpr double kBinarisationWeight = 0.1;
constexpr double kLeastProbability = 1e-6;

torch::Tensor duration_loss(const SpeechOutput& output, const SpeechBatch& batch) {
  const torch::Tensor true_durations = torch::log1p(output.alignment.hard.sum(1));
  const torch::Tensor error =
      (output.log_durations.to(torch::kFloat) - true_durations).square() * batch.text_mask;
  return error.sum(1) / batch.text_lengths;
}

torch::Tensor binarisation_loss(const Alignment& alignment, const SpeechBatch& batch) {
  const torch::Tensor chosen = (alignment.soft * alignment.hard).sum(2).clamp_min(kLeastProbability);
  return -(torch::log(chosen) * batch.mel_mask).sum(1) / batch.lengths;
}

}  // namespace

torch::Tensor masked_mel_l1(const torch::Tensor& predicted, const SpeechBatch& batch) {
  const torch::Tensor error = (predicted.to(torch::kFloat) - batch.mel).abs() * batch.mel_mask.unsqueeze(1);
  return error.sum({1, 2}) / (batch.lengths * batch.mel.size(1));
}

torch::Tensor speech_loss(const SpeechOutput& output, const SpeechBatch& batch) {
  const Autocast full(batch.mel.device().type(), torch::kFloat);
  if (output.loss.defined()) return output.loss.to(torch::kFloat);
  if (!output.alignment.soft.defined()) return masked_mel_l1(output.mel, batch);
  return masked_mel_l1(output.mel, batch) + forward_sum_loss(output.alignment, batch) +
         kBinarisationWeight * binarisation_loss(output.alignment, batch) +
         kDurationWeight * duration_loss(output, batch);
}

torch::Tensor focus_rate(const Alignment& alignment, const SpeechBatch& batch) {
  return std::get<0>(alignment.soft.max(2)).sum(1) / batch.lengths;
}

}  // namespace feedline

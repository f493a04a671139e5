#include "aligner.hpp"

#include "monotonic_alignment.hpp"
#include "precision.hpp"

#include <cmath>
#include <vector>

namespace feedline {
namespace {

constexpr double kTemperature = 0.0005;
constexpr double kNever = -1e4;
constexpr double kBlank = -1;

torch::nn::Conv1d convolution(std::int64_t in, std::int64_t out, std::int64_t size) {
  return torch::nn::Conv1d(torch::nn::Conv1dOptions(in, out, size).padding(size / 2));
}

/// Returns ln((n - 1)!) for n = 1..count, and 0 at n = 0, which only the padding looks up.
torch::Tensor log_gamma_table(std::int64_t count, torch::Device device) {
  std::vector<float> table(static_cast<std::size_t>(count) + 1, 0);
  for (std::size_t n = 1; n < table.size(); ++n)
    table[n] = static_cast<float>(std::lgamma(static_cast<double>(n)));
  return torch::tensor(table).to(device);
}

torch::Tensor squared_distance(const torch::Tensor& queries, const torch::Tensor& keys) {
  const torch::Tensor of_queries = queries.square().sum(1).unsqueeze(2);
  const torch::Tensor of_keys = keys.square().sum(1).unsqueeze(1);
  return of_queries + of_keys - 2 * torch::bmm(queries.transpose(1, 2), keys);
}

}  // namespace

AlignerImpl::AlignerImpl(std::int64_t width, std::int64_t mels)
    : key_first_(register_module("key_first", convolution(width, 2 * width, 3))),
      key_second_(register_module("key_second", convolution(2 * width, mels, 1))),
      query_first_(register_module("query_first", convolution(mels, 2 * mels, 3))),
      query_second_(register_module("query_second", convolution(2 * mels, mels, 1))),
      query_third_(register_module("query_third", convolution(mels, mels, 1))) {}

torch::Tensor log_alignment_prior(const torch::Tensor& text_lengths, const torch::Tensor& lengths,
                                  std::int64_t text, std::int64_t frames) {
  const auto options = text_lengths.options();
  const torch::Tensor log_gamma = log_gamma_table(2 * text + 2 * frames + 2, text_lengths.device());
  const auto look_up = [&](const torch::Tensor& n) {
    return log_gamma.index_select(0, n.clamp_min(0).reshape({-1})).view(n.sizes());
  };
  const torch::Tensor last = (text_lengths - 1).view({-1, 1, 1});
  const torch::Tensor k = torch::arange(text, options).view({1, 1, -1});
  const torch::Tensor a = torch::arange(frames, options).view({1, -1, 1}) + 1;
  const torch::Tensor b = lengths.view({-1, 1, 1}) + 1 - a;
  const torch::Tensor choose = look_up(last + 1) - look_up(k + 1) - look_up(last - k + 1);
  const torch::Tensor sum = lengths.view({-1, 1, 1}) + 1;
  const torch::Tensor beta_of_all = look_up(a) + look_up(b) - look_up(sum);
  return choose + look_up(k + a) + look_up(last - k + b) - look_up(last + sum) - beta_of_all;
}

Alignment AlignerImpl::forward(const torch::Tensor& embedded, const SpeechBatch& batch) {
  const torch::Tensor text_mask = batch.text_mask.unsqueeze(1), mel_mask = batch.mel_mask.unsqueeze(1);
  torch::Tensor keys = torch::relu(key_first_(embedded.transpose(1, 2) * text_mask));
  keys = key_second_(keys);
  torch::Tensor queries = torch::relu(query_first_(batch.mel * mel_mask));
  queries = query_third_(torch::relu(query_second_(queries)));

  // Distances are differences of sums that are close to each other: with fewer bits nothing would be left of
  // them.
  const Autocast full(embedded.device().type(), torch::kFloat);
  keys = keys.to(torch::kFloat);
  queries = queries.to(torch::kFloat);
  const torch::Tensor both = batch.mel_mask.unsqueeze(2) * text_mask;
  const torch::Tensor no_token = text_mask.expand_as(both) == 0;
  torch::Tensor scores = (-kTemperature * squared_distance(queries, keys)).masked_fill(no_token, kNever);
  const torch::Tensor prior =
      log_alignment_prior(batch.text_lengths, batch.lengths, batch.tokens.size(1), batch.mel.size(2));
  scores = torch::log_softmax(scores, 2) + prior.masked_fill(both == 0, 0);

  Alignment alignment;
  alignment.log_scores = scores.masked_fill(no_token, kNever);
  alignment.soft = torch::softmax(alignment.log_scores, 2) * both;
  const torch::NoGradGuard no_gradient;
  alignment.hard =
      monotonic_alignment(alignment.log_scores.detach().cpu(), batch.text_lengths.cpu(), batch.lengths.cpu())
          .to(embedded.device());
  return alignment;
}

torch::Tensor forward_sum_loss(const Alignment& alignment, const SpeechBatch& batch) {
  const torch::Tensor with_blank = torch::constant_pad_nd(alignment.log_scores, {1, 0}, kBlank);
  const torch::Tensor log_probabilities = torch::log_softmax(with_blank, 2).transpose(0, 1);
  const torch::Tensor targets =
      (torch::arange(batch.tokens.size(1), batch.tokens.options()) + 1).expand_as(batch.tokens);
  const torch::Tensor loss = torch::ctc_loss(log_probabilities, targets, batch.lengths, batch.text_lengths, 0,
                                             at::Reduction::None, true);
  return loss / batch.text_lengths;
}

}  // namespace feedline

#include "spoken_batch.hpp"

#include <cmath>

namespace feedline::testing {

SpeechBatch spoken_batch(const std::vector<SpokenLength>& lengths, std::int64_t text, std::int64_t frames,
                         float garbage) {
  const auto count = static_cast<std::int64_t>(lengths.size());
  SpeechBatch batch;
  batch.tokens = torch::zeros({count, text}, torch::kLong);
  batch.text_lengths = torch::zeros({count}, torch::kLong);
  batch.lengths = torch::zeros({count}, torch::kLong);
  batch.mel = torch::full({count, kSpokenBands, frames}, garbage);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto [letters, length] = lengths[static_cast<std::size_t>(i)];
    batch.text_lengths[i] = letters;
    batch.lengths[i] = length;
    for (std::int64_t k = 0; k < letters; ++k) batch.tokens[i][k] = 2 + (7 * i + 3 * k) % 20;
    for (std::int64_t frame = 0; frame < length; ++frame) {
      const auto token = batch.tokens[i][frame * letters / length].item<std::int64_t>();
      for (std::int64_t band = 0; band < kSpokenBands; ++band)
        batch.mel[i][band][frame] = std::sin(static_cast<double>(token * (band + 3)));
    }
  }
  batch.text_mask = mask_of(batch.text_lengths, text);
  batch.mel_mask = mask_of(batch.lengths, frames);
  return batch;
}

}  // namespace feedline::testing

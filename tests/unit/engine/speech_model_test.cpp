#include "speech_model.hpp"

#include "speech_loss.hpp"
#include "spoken_batch.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <vector>

namespace feedline {
namespace {

using testing::kSpokenBands;
using testing::kSpokenSymbols;
using testing::spoken_batch;

std::unique_ptr<SpeechNetwork> make_network(ModelSize size = ModelSize::kTiny) {
  torch::manual_seed(0);
  return make_built_in_speech(size, kSpokenSymbols, kSpokenBands);
}

std::int64_t parameters(SpeechNetwork& network) {
  std::int64_t sum = 0;
  for (const torch::Tensor& each : network.parameters()) sum += each.numel();
  return sum;
}

TEST(SpeechModel, SizesGrow) {
  std::int64_t last = 1'000'000;
  for (const ModelSize size : {ModelSize::kTiny, ModelSize::kSmall, ModelSize::kNormal, ModelSize::kBig}) {
    const std::int64_t now = parameters(*make_network(size));
    EXPECT_GT(now, last);
    last = now;
  }
}

// More padding, and whatever lies in it, must not change what is learned: not the losses, not a gradient.
TEST(SpeechModel, PaddingChangesNothing) {
  const std::vector<testing::SpokenLength> lengths = {{5, 21}, {9, 40}, {3, 12}};
  const auto network = make_network();
  network->set_training(false);  // dropout draws by shape
  const auto gradients = [&](const SpeechBatch& batch, torch::Tensor& losses) {
    for (const torch::Tensor& each : network->parameters()) each.mutable_grad() = torch::Tensor();
    losses = speech_loss(network->forward(batch), batch);
    losses.sum().backward();
    std::vector<torch::Tensor> copies;
    for (const torch::Tensor& each : network->parameters()) copies.push_back(each.grad().clone());
    return copies;
  };
  SpeechBatch filled = spoken_batch(lengths, 16, 72, 7.0F);
  filled.tokens.masked_fill_(filled.text_mask == 0, 3);
  torch::Tensor tight, wide;
  const auto of_tight = gradients(spoken_batch(lengths, 9, 40), tight);
  for (const SpeechBatch& other : {spoken_batch(lengths, 16, 72), filled}) {
    const auto of_wide = gradients(other, wide);
    EXPECT_TRUE(torch::allclose(tight, wide, 1e-4, 1e-5)) << tight << wide;
    for (std::size_t i = 0; i < of_tight.size(); ++i)
      EXPECT_TRUE(torch::allclose(of_tight[i], of_wide[i], 1e-2, 1e-4)) << i;
  }
}

TEST(SpeechModel, OneSampleDoesNotChangeAnother) {
  const auto network = make_network();
  network->set_training(false);
  const SpeechBatch alone = spoken_batch({{5, 21}}, 9, 40);
  const SpeechBatch both = spoken_batch({{5, 21}, {9, 40}}, 9, 40);
  const torch::NoGradGuard no_gradient;
  EXPECT_TRUE(torch::allclose(speech_loss(network->forward(alone), alone)[0],
                              speech_loss(network->forward(both), both)[0], 1e-4, 1e-5));
}

TEST(SpeechModel, OtherTextsAreThoseOfTheSampleBefore) {
  const SpeechBatch batch = spoken_batch({{5, 21}, {9, 40}}, 9, 40), other = batch.with_other_texts();
  EXPECT_TRUE(other.tokens[0].equal(batch.tokens[1]));
  EXPECT_TRUE(other.text_lengths.equal(torch::tensor({9, 5}, torch::kLong)));
  EXPECT_TRUE(other.mel.equal(batch.mel));
}

// The whole model must be able to learn eight samples by heart, and then to tell their texts apart.
TEST(SpeechModel, LearnsEightSamplesByHeart) {
  const SpeechBatch batch =
      spoken_batch({{5, 20}, {6, 31}, {7, 28}, {8, 40}, {4, 24}, {9, 36}, {6, 26}, {5, 33}}, 12, 40);
  const auto network = make_network();
  torch::optim::Adam optimizer(network->parameters(), torch::optim::AdamOptions(2e-3));
  const auto error = [&](const SpeechBatch& shown) {
    network->set_training(false);
    const torch::NoGradGuard no_gradient;
    return masked_mel_l1(network->forward(shown).mel, batch).mean().item<double>();
  };
  const double before = error(batch);
  for (int step = 0; step < 400 && (step % 50 != 0 || error(batch) > 0.08); ++step) {
    network->set_training(true);
    optimizer.zero_grad();
    speech_loss(network->forward(batch), batch).mean().backward();
    torch::nn::utils::clip_grad_norm_(network->parameters(), 1.0);
    optimizer.step();
  }
  EXPECT_GT(before, 0.5);
  EXPECT_LT(error(batch), 0.1);
  EXPECT_GT(error(batch.with_other_texts()), 0.3);
}

TEST(SpeechModel, SpeaksWithoutLookingAtTheRecording) {
  const auto network = make_network();
  network->set_training(false);
  const torch::NoGradGuard no_gradient;
  SpeechBatch one = spoken_batch({{7, 30}}, 7, 30);
  const torch::Tensor spoken = network->speak(one);
  ASSERT_EQ(spoken.dim(), 3);
  EXPECT_EQ(spoken.size(1), kSpokenBands);
  EXPECT_GE(spoken.size(2), 7) << "a frame for each token at least";
  one.mel.fill_(3);
  EXPECT_TRUE(torch::equal(network->speak(one), spoken));
}

}  // namespace
}  // namespace feedline

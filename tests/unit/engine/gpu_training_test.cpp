// What only a GPU can show; the logic behind it is tested on the CPU.

#include "cuda_graphs.hpp"
#include "speech_loss.hpp"
#include "spoken_batch.hpp"
#include "torch_learner.hpp"
#include "torch_setup.hpp"
#include "toy_problem.hpp"

#include <feedline/transport/device_receiver.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace feedline {
namespace {

constexpr const char* kGpu = "cuda:0";
constexpr std::uint32_t kBatch = 8;

class TrainingOnGpu : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!cuda_training_available()) GTEST_SKIP() << "there is no GPU";
    use_cuda_stream(nullptr, torch::Device(kGpu));  // the last test's stream may be gone
  }
};

TrainSettings options_on(const std::string& device, ModelSize size = ModelSize::kTiny) {
  TrainSettings options;
  options.device = device;
  options.model_size = size;
  options.optimizer = OptimizerKind::kSgd;
  options.lr = 0.02;
  return options;
}

/// The loss of each of `steps` steps on whole batches.
std::vector<float> losses(const TrainSettings& options, std::uint64_t steps) {
  TorchLearner learner(options, testing::toy_info());
  const BatchSchedule schedule(testing::toy_schedule(steps * kBatch, kBatch, 1));
  testing::FakeReceiver receiver(schedule, testing::toy_info().tensors, testing::fill_toy);
  std::vector<float> found;
  for (std::uint64_t step = 0; step < steps; ++step) {
    const BatchLease batch = receiver.receive();
    auto result = learner.accumulate(*batch, kBatch);
    learner.step(options.lr);
    if (!result) result = learner.finished(true);
    found.push_back(result->loss.value());
  }
  return found;
}

void expect_near(const std::vector<float>& found, const std::vector<float>& expected, float error) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], error) << "step " << i;
}

TEST_F(TrainingOnGpu, LossesOf50StepsAreTheCpus) {
  for (const ModelSize size : {ModelSize::kTiny, ModelSize::kSmall})
    expect_near(losses(options_on(kGpu, size), 50), losses(options_on("cpu", size), 50), 1e-3f);
}

TEST_F(TrainingOnGpu, GraphsChangeNoLoss) {
  TrainSettings eager = options_on(kGpu);
  eager.graphs = false;
  expect_near(losses(options_on(kGpu), 50), losses(eager, 50), 1e-3f);
}

TEST_F(TrainingOnGpu, ThereAreAsManyGraphsAsShapes) {
  TrainSettings options = options_on(kGpu);
  TorchLearner learner(options, testing::toy_info());
  testing::train_on_toy(learner, options, testing::toy_schedule(100, 16, 3));  // the last batch has 4 rows
  EXPECT_EQ(learner.graphs(), 1u);
  testing::train_on_toy(learner, options, testing::toy_schedule(100, 16, 3));
  EXPECT_EQ(learner.graphs(), 1u);
}

TEST_F(TrainingOnGpu, LearnsInEveryPrecision) {
  for (const char* precision : {"fp32", "tf32", "bf16", "fp16"}) {
    TrainSettings options = options_on(kGpu);
    options.optimizer = OptimizerKind::kAdam;
    options.lr = 2e-3;
    options.precision = precision;
    TorchLearner learner(options, testing::toy_info());
    const TrainReport report = testing::train_on_toy(learner, options, testing::toy_schedule(300, 16, 4));
    EXPECT_GT(report.val.metrics.at("accuracy"), 0.95) << precision;
    EXPECT_LT(*report.val.loss, 0.5) << precision;
    EXPECT_EQ(learner.graphs(), 1u) << precision;
  }
}

/// As a run does: batches are copied ahead, and training goes into the stream that waits for the copies.
TEST_F(TrainingOnGpu, LearnsFromSlotsOnTheGpuAndTellsItsTime) {
  const auto gpu = open_device(Device::parse(kGpu));
  const auto stream = gpu->make_stream();
  TrainSettings options = options_on(kGpu);
  options.gpu = gpu;
  options.stream = stream->native();
  const BatchSchedule schedule(testing::toy_schedule(300, 16, 2));
  TrainReport report;
  {
    DeviceReceiver receiver(
        std::make_shared<testing::FakeReceiver>(schedule, testing::toy_info().tensors, testing::fill_toy),
        gpu, *stream);
    TorchLearner learner(options, testing::toy_info());
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> nowhere{std::fopen("/dev/null", "w"), &std::fclose};
    Progress progress(nowhere.get(), false);
    Trainer trainer(learner, receiver, schedule, options, progress, [] { return false; });
    trainer.run();
    report = trainer.report();
    receiver.join();
  }
  TrainSettings on_cpu = options_on("cpu");
  TorchLearner reference(on_cpu, testing::toy_info());
  const TrainReport expected = testing::train_on_toy(reference, on_cpu, testing::toy_schedule(300, 16, 2));
  EXPECT_EQ(report.sample_digest.value(), expected.sample_digest.value());
  EXPECT_NEAR(*report.first_loss, *expected.first_loss, 1e-3);
  EXPECT_NEAR(*report.last_loss, *expected.last_loss, 1e-2);
  EXPECT_GT(report.timer.step_s(), 0);
  EXPECT_LE(report.timer.busy(), 1);
}

TEST_F(TrainingOnGpu, SpeechHasTheCpusLoss) {
  torch::manual_seed(0);
  const auto network = make_built_in_speech(ModelSize::kTiny, testing::kSpokenSymbols, testing::kSpokenBands);
  network->set_training(false);
  SpeechBatch batch = testing::spoken_batch({{5, 21}, {9, 40}, {3, 12}}, 9, 40);
  const torch::Tensor expected = speech_loss(network->forward(batch), batch);
  const Precision full("fp32", torch::Device(kGpu));
  network->to(torch::Device(kGpu));
  for (torch::Tensor* each :
       {&batch.tokens, &batch.text_lengths, &batch.text_mask, &batch.mel, &batch.lengths, &batch.mel_mask})
    *each = each->to(torch::Device(kGpu));
  const torch::Tensor found = speech_loss(network->forward(batch), batch);
  EXPECT_TRUE(torch::allclose(found.cpu(), expected, 1e-3, 1e-3)) << found << expected;
}

TEST_F(TrainingOnGpu, WhatCannotBeRecordedLeavesNoTrace) {
  TorchLearner learner(options_on(kGpu), testing::toy_info());  // sets up the stream
  const torch::Device device(kGpu);
  const torch::Tensor x = torch::ones({1000}, device);
  const auto recorder = make_cuda_recorder(device);
  EXPECT_ANY_THROW(recorder->record([&] {
    torch::dropout(x, 0.5, true).sum().item<float>();  // the host would have to wait
  }));
  const float kept = torch::dropout(x, 0.5, true).sum().item<float>();
  EXPECT_GT(kept, 500);
  EXPECT_LT(kept, 1500);

  torch::Tensor twice;
  const auto work = make_cuda_recorder(device)->record([&] { twice = x * 2; });
  work->replay();
  EXPECT_EQ(twice.sum().item<float>(), 2000);
}

}  // namespace
}  // namespace feedline

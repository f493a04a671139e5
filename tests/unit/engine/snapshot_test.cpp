#include "temp_folder.hpp"
#include "torch_learner.hpp"
#include "toy_problem.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/engine/saved_model.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <span>
#include <utility>

namespace feedline {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TrainSettings options_of(OptimizerKind optimizer, ModelSize size = ModelSize::kTiny) {
  TrainSettings options;
  options.model_size = size;
  options.optimizer = optimizer;
  options.lr = 0.01;
  return options;
}

void write(Learner& learner, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const CheckpointPart& part : learner.snapshot()) {
    std::ofstream file(folder / part.name, std::ios::binary);
    part.write([&](std::span<const std::byte> bytes) {
      file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    });
  }
}

std::uint64_t train(Learner& learner, const TrainSettings& options) {
  return testing::train_on_toy(learner, options, testing::toy_schedule(60, 10, 2)).loss_digest.value();
}

TEST(Snapshot, WhoRestoresItTrainsOnBitByBit) {
  for (const auto& [optimizer, precision] : {std::pair{OptimizerKind::kSgd, "fp32"},
                                             {OptimizerKind::kAdam, "fp32"},
                                             {OptimizerKind::kAdam, "bf16"}}) {
    const testing::TempFolder folder;
    TrainSettings options = options_of(optimizer);
    options.precision = precision;
    TorchLearner first(options, testing::toy_info());
    train(first, options);
    write(first, folder / "c");
    const std::uint64_t went_on = train(first, options);

    TorchLearner second(options, testing::toy_info());
    second.restore(folder / "c", false);
    EXPECT_EQ(train(second, options), went_on);
  }
}

TEST(Snapshot, IsACopyThatTrainingDoesNotChange) {
  const testing::TempFolder folder;
  const TrainSettings options = options_of(OptimizerKind::kAdam);
  TorchLearner learner(options, testing::toy_info());
  write(learner, folder / "before");
  const std::vector<CheckpointPart> parts = learner.snapshot();
  train(learner, options);
  std::filesystem::create_directories(folder / "after");
  for (const CheckpointPart& part : parts) {
    std::ofstream file(folder / ("after/" + part.name), std::ios::binary);
    part.write([&](std::span<const std::byte> bytes) {
      file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    });
  }
  EXPECT_EQ(digest_of(folder / "before/model.pt"), digest_of(folder / "after/model.pt"));
}

TEST(Snapshot, AnotherModelIsRefusedByName) {
  const testing::TempFolder folder;
  TorchLearner tiny(options_of(OptimizerKind::kAdam), testing::toy_info());
  write(tiny, folder / "c");
  TorchLearner small(options_of(OptimizerKind::kAdam, ModelSize::kSmall), testing::toy_info());
  EXPECT_THAT([&] { small.restore(folder / "c", false); },
              ThrowsMessage<UsageError>(HasSubstr("model.pt is of another model: ")));
}

TEST(Snapshot, AnotherOptimizerStartsAnewWhenThatIsAllowed) {
  const testing::TempFolder folder;
  TorchLearner adam(options_of(OptimizerKind::kAdam), testing::toy_info());
  write(adam, folder / "c");
  TorchLearner sgd(options_of(OptimizerKind::kSgd), testing::toy_info());
  EXPECT_THROW(sgd.restore(folder / "c", false), UsageError);
  EXPECT_NO_THROW(sgd.restore(folder / "c", true));
}

TEST(Snapshot, WhatIsNotFiniteIsNeitherTakenNorGoneOnFrom) {
  for (const auto optimizer : {OptimizerKind::kSgd, OptimizerKind::kAdam}) {
    const testing::TempFolder folder;
    TorchLearner learner(options_of(optimizer), testing::toy_info());
    write(learner, folder / "c");
    EXPECT_EQ(not_finite_in(folder / "c"), std::nullopt);

    NamedTensors model = load_tensors(folder / "c/model.pt");
    model.back().second.fill_(std::numeric_limits<float>::infinity());
    std::ofstream file(folder / "c/model.pt", std::ios::binary);
    save_tensors(model, [&](std::span<const std::byte> bytes) {
      file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    });
    file.close();
    EXPECT_EQ(not_finite_in(folder / "c"), "model.pt: '" + model.back().first + "'");
    EXPECT_THAT([&] { learner.restore(folder / "c", false); },
                ThrowsMessage<UsageError>(HasSubstr("not finite, in '" + model.back().first)));

    const torch::NoGradGuard no_grad;
    learner.weights().front().view({-1})[0] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_THROW(learner.snapshot(), NotFiniteError);
  }
}

TEST(Snapshot, AFileThatIsNoneIsRefusedByName) {
  const testing::TempFolder folder;
  folder.write("c/model.pt", "nothing");
  TorchLearner learner(options_of(OptimizerKind::kAdam), testing::toy_info());
  EXPECT_THAT([&] { learner.restore(folder / "c", false); },
              ThrowsMessage<UsageError>(HasSubstr("model.pt cannot be read")));
}

/// Class k of the checkpoint, told from others by weights of its own.
torch::Tensor head_of(TorchLearner& learner, const std::filesystem::path& folder, const char* file,
                      const char* name) {
  write(learner, folder);
  for (const auto& [of, tensor] : load_tensors(folder / file)) {
    if (of == name) return tensor;
  }
  return {};
}

DataInfo with_classes(const char* names) {
  DataInfo info = testing::toy_info();
  info.class_names = names;
  return info;
}

TEST(Snapshot, ClassesOfAnotherOrderOrNameAreRefused) {
  const testing::TempFolder folder;
  const TrainSettings options = options_of(OptimizerKind::kAdam);
  TorchLearner first(options, with_classes("a\nb\nc\n"));
  write(first, folder / "c");
  EXPECT_NO_THROW(TorchLearner(options, with_classes("a\nb\nc\n")).restore(folder / "c", false));
  EXPECT_THAT([&] { TorchLearner(options, with_classes("b\na\nc\n")).restore(folder / "c", false); },
              ThrowsMessage<UsageError>(HasSubstr("in another order")));
  EXPECT_THAT([&] { TorchLearner(options, with_classes("a\nb\nd\n")).restore(folder / "c", false); },
              ThrowsMessage<UsageError>(HasSubstr("dropped: 'c'; added: 'd'")));
}

TEST(Snapshot, RowsOfClassesAreMatchedByNameWhenThatIsAllowed) {
  const testing::TempFolder folder;
  const TrainSettings options = options_of(OptimizerKind::kAdam);
  TorchLearner first(options, with_classes("a\nb\nc\n"));
  train(first, options);
  const auto before = head_of(first, folder / "c", "model.pt", "head.weight");
  TorchLearner second(options, with_classes("b\nd\na\n"));
  const auto fresh = head_of(second, folder / "fresh", "model.pt", "head.weight");
  second.restore(folder / "c", true);
  const auto now = head_of(second, folder / "now", "model.pt", "head.weight");
  EXPECT_TRUE(now[0].equal(before[1]));
  EXPECT_TRUE(now[1].equal(fresh[1]));
  EXPECT_TRUE(now[2].equal(before[0]));

  const auto parameters = second.weights();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].sizes() != before.sizes()) continue;
    const std::string mean = "mean." + std::to_string(i);
    const auto was = head_of(first, folder / "again", "optimizer.pt", mean.c_str());
    const auto is = head_of(second, folder / "now2", "optimizer.pt", mean.c_str());
    EXPECT_TRUE(is[0].equal(was[1]));
    EXPECT_EQ(is[1].abs().sum().item<float>(), 0);
    EXPECT_TRUE(is[2].equal(was[0]));
  }
}

TEST(Snapshot, ACheckpointWithoutClassNamesIsTaken) {
  const testing::TempFolder folder;
  const TrainSettings options = options_of(OptimizerKind::kAdam);
  TorchLearner old(options, testing::toy_info());
  write(old, folder / "c");
  EXPECT_FALSE(std::filesystem::exists(folder / "c/classes.txt"));
  EXPECT_NO_THROW(TorchLearner(options, with_classes("a\nb\nc\n")).restore(folder / "c", false));
}

}  // namespace
}  // namespace feedline

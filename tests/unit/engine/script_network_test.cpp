#include "script_network.hpp"

#include "torch_learner.hpp"
#include "toy_problem.hpp"

#include <feedline/common/errors.hpp>

#include <caffe2/serialize/inline_container.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/script.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ScriptNetworkTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// A TorchScript file with one parameter `w` [64,classes] and this method.
  std::filesystem::path write(const std::string& forward, std::int64_t classes = 3,
                              bool trainable = true) const {
    torch::jit::Module module("model");
    const torch::Tensor weights = torch::zeros({64, classes});
    module.register_attribute("training", torch::jit::BoolType::get(), true);
    module.register_parameter("w", weights.set_requires_grad(trainable), false);
    module.define("def forward(self, x):\n    return " + forward + "\n");
    module.save(path_.string());
    return path_;
  }

  std::string load_error() const {
    try {
      load_script(path_, {1, 8, 8}, 3, torch::kCPU);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "nothing was thrown";
  }

  TrainSettings options() const {
    TrainSettings options;
    options.model_file = path_;
    options.lr = 0.01;
    return options;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("feedline_script_test_" + std::to_string(getpid()));
  const std::filesystem::path path_ = folder_ / "linear.pt";
};

TEST_F(ScriptNetworkTest, IsTrainedInPlace) {
  write("x.flatten(1).matmul(self.w)");
  TorchLearner learner(options(), testing::toy_info());
  EXPECT_EQ(learner.model_name(), "linear.pt");
  EXPECT_EQ(learner.parameters(), 64 * 3);
  const torch::Tensor weights = learner.weights().at(0);
  const TrainReport report = testing::train_on_toy(learner, options(), testing::toy_schedule(90, 16, 4));
  EXPECT_GT(report.val.metrics.at("accuracy"), 0.95);
  EXPECT_GT(weights.abs().max().item<float>(), 0.0f);
}

TEST_F(ScriptNetworkTest, LearnsInBf16) {
  write("x.flatten(1).matmul(self.w)");
  TrainSettings low = options();
  low.precision = "bf16";
  TorchLearner learner(low, testing::toy_info());
  const TrainReport report = testing::train_on_toy(learner, low, testing::toy_schedule(90, 16, 4));
  EXPECT_GT(report.val.metrics.at("accuracy"), 0.95);
  EXPECT_EQ(learner.weights().at(0).scalar_type(), torch::kFloat);
  TorchLearner full(options(), testing::toy_info());
  EXPECT_NE(testing::train_on_toy(full, options(), testing::toy_schedule(90, 16, 4)).loss_digest.value(),
            report.loss_digest.value());
}

TEST_F(ScriptNetworkTest, GivesTheSameBitsTwiceWithinAProcess) {
  write("torch.relu(x.flatten(1)).matmul(self.w).mul(0.5).tanh()");
  const auto digest = [this] {
    TorchLearner learner(options(), testing::toy_info());
    return testing::train_on_toy(learner, options(), testing::toy_schedule(90, 16, 2)).loss_digest.value();
  };
  EXPECT_EQ(digest(), digest());
}

TEST_F(ScriptNetworkTest, IsEvaluatedInEvaluationMode) {
  write("x.flatten(1).matmul(self.w) if self.training else x.flatten(1).matmul(self.w) + 1");
  const auto network = load_script(path_, {1, 8, 8}, 3, torch::kCPU);
  const torch::Tensor pictures = torch::zeros({2, 1, 8, 8});
  network->set_training(true);
  EXPECT_EQ(network->forward(pictures).sum().item<float>(), 0);
  network->set_training(false);
  EXPECT_EQ(network->forward(pictures).sum().item<float>(), 6);
}

TEST_F(ScriptNetworkTest, MissingFile) {
  EXPECT_THAT(load_error(), AllOf(HasSubstr(path_.string()), HasSubstr("does not exist")));
}

TEST_F(ScriptNetworkTest, GarbageIsNoTorchScript) {
  std::ofstream(path_) << "this is no model";
  EXPECT_THAT(load_error(), AllOf(HasSubstr(path_.string()), HasSubstr("is not TorchScript")));
  std::filesystem::resize_file(path_, 0);
  EXPECT_THAT(load_error(), HasSubstr("is not TorchScript"));
}

TEST_F(ScriptNetworkTest, ARecordThatIsTooShortIsFoundBeforeItIsUsed) {
  write("x.flatten(1).matmul(self.w)");
  caffe2::serialize::PyTorchStreamReader whole(path_.string());
  const std::filesystem::path short_path = folder_ / "short.pt";
  caffe2::serialize::PyTorchStreamWriter cut(short_path.string());
  for (const std::string& name : whole.getAllRecords()) {
    if (name == "version" || name == "byteorder" || name == ".data/serialization_id") continue;
    const auto [data, size] = whole.getRecord(name);
    cut.writeRecord(name, data.get(), name == "data/0" ? 10 : size);
  }
  cut.writeEndOfFile();
  std::filesystem::rename(short_path, path_);
  EXPECT_THAT(load_error(), AllOf(HasSubstr("is damaged: tensor 'w' has 10 bytes of 768")));
}

TEST_F(ScriptNetworkTest, WrongNumberOfClasses) {
  write("x.flatten(1).matmul(self.w)", 5);
  EXPECT_THAT(load_error(), AllOf(HasSubstr("float [2,3]"), HasSubstr("[2,5]")));
}

TEST_F(ScriptNetworkTest, WrongNumberOfDimensionsOrType) {
  write("x.flatten(1).matmul(self.w).sum(1)");
  EXPECT_THAT(load_error(), AllOf(HasSubstr("float [2,3]"), HasSubstr("[2].")));
  write("x.flatten(1).matmul(self.w).argmax(1, True).expand(-1, 3)");
  EXPECT_THAT(load_error(), HasSubstr("Long [2,3]"));
  write("(x, self.w)");
  EXPECT_THAT(load_error(), HasSubstr("one tensor"));
}

TEST_F(ScriptNetworkTest, PicturesOfAnotherSize) {
  write("x.flatten(1).matmul(self.w)");
  try {
    load_script(path_, {3, 8, 8}, 3, torch::kCPU);
    FAIL() << "nothing was thrown";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot take the pictures of this data, float [2,3,8,8]"));
  }
}

TEST_F(ScriptNetworkTest, NothingToTrain) {
  write("x.flatten(1).matmul(self.w)", 3, false);
  EXPECT_THAT(load_error(), HasSubstr("no trainable parameters"));
}

}  // namespace
}  // namespace feedline

#include "speech_loss.hpp"
#include "speech_model.hpp"
#include "spoken_batch.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/script.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace feedline {
namespace {

using testing::kSpokenBands;

class ScriptSpeechTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  /// Loads a TorchScript model with one parameter `w` [bands,1] and this body.
  std::unique_ptr<SpeechNetwork> load(const std::string& body) const {
    torch::jit::Module module("model");
    module.register_attribute("training", torch::jit::BoolType::get(), true);
    module.register_parameter("w", torch::zeros({kSpokenBands, 1}).set_requires_grad(true), false);
    module.define("def forward(self, batch: Dict[str, Tensor]):\n" + body);
    module.save(path_.string());
    return load_speech_script(path_, kSpokenBands, 10, torch::kCPU);
  }

  std::string error_of(const std::string& body) const {
    try {
      load(body);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "nothing was thrown";
  }

  const std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("feedline_script_speech_" + std::to_string(getpid()) + ".pt");
};

TEST_F(ScriptSpeechTest, LearnsByTheMaskedL1) {
  const auto network = load("    return {'mel': torch.zeros_like(batch['mel']) + self.w}\n");
  const SpeechBatch batch = testing::spoken_batch({{3, 10}, {5, 20}}, 6, 24, 7.0F);
  const SpeechOutput output = network->forward(batch);
  EXPECT_TRUE(speech_loss(output, batch).equal(masked_mel_l1(torch::zeros_like(batch.mel), batch)));
  speech_loss(output, batch).sum().backward();
  EXPECT_GT(network->parameters()[0].grad().abs().sum().item<double>(), 0);
}

TEST_F(ScriptSpeechTest, MayHaveALossOfItsOwn) {
  const auto network = load(
      "    mel = batch['mel'] * 0 + self.w\n"
      "    return {'mel': mel, 'loss': batch['lengths'] + self.w.sum()}\n");
  const SpeechBatch batch = testing::spoken_batch({{3, 10}, {5, 20}}, 6, 24);
  EXPECT_TRUE(speech_loss(network->forward(batch), batch).equal(torch::tensor({10.0F, 20.0F})));
}

TEST_F(ScriptSpeechTest, ATableThatIsTooSmallForTheVocabularyNamesBothNumbers) {
  torch::jit::Module table("__torch__.Embedding"), module("model");
  table.register_parameter("weight", torch::zeros({6, 1}).set_requires_grad(true), false);
  table.define("def forward(self, tokens):\n    return torch.embedding(self.weight, tokens)\n");
  module.register_module("letters", table);
  module.define(
      "def forward(self, batch: Dict[str, Tensor]):\n"
      "    return {'mel': batch['mel'] + self.letters.forward(batch['tokens']).sum()}\n");
  module.save(path_.string());
  try {
    load_speech_script(path_, kSpokenBands, 10, torch::kCPU);
    FAIL() << "nothing was thrown";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("'letters' has 6 rows"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("10 symbols"));
  }
  EXPECT_NO_THROW(load_speech_script(path_, kSpokenBands, 6, torch::kCPU));
}

TEST_F(ScriptSpeechTest, OtherModelsAreRefused) {
  using ::testing::HasSubstr;
  EXPECT_THAT(error_of("    return batch['mel'] * self.w\n"), HasSubstr("must take a Dict[str, Tensor]"));
  EXPECT_THAT(error_of("    return {'spec': batch['mel'] * self.w}\n"), HasSubstr("no 'mel'"));
  EXPECT_THAT(error_of("    return {'mel': (batch['mel'] * self.w).sum(2)}\n"), HasSubstr("'mel' is [2,16]"));
  EXPECT_THAT(error_of("    return {'mel': batch['pitch'] * self.w}\n"),
              HasSubstr("cannot take this data's batches"));
}

}  // namespace
}  // namespace feedline

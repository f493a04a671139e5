#include <feedline/common/errors.hpp>
#include <feedline/engine/run_state.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace feedline {
namespace {

using ::testing::ElementsAre;

RunState example() {
  RunState state;
  state.must_match = {{"--batch-size", "64"}, {"the data", "3 samples"}};
  state.may_change = {{"--lr", "0.1"}};
  state.data = {{"--train-data", "/data"}};
  state.layout = "2 ranks";
  state.report.epochs = 2;
  state.report.steps = 7;
  state.report.samples = 9;
  state.report.first_loss = 0.1f;
  state.report.last_loss = std::numeric_limits<float>::quiet_NaN();
  state.report.val = {0.25, {{"accuracy", 0.5}}};
  state.report.sample_digest = SampleDigest(0xfedcba9876543210);
  state.report.loss_digest = LossDigest(1);
  state.report.bad.replaced = 3;
  state.report.bad.skipped = 4;
  state.report.bad.ids = {{{1, 99}, {5}}};
  state.report.timer = StepTimer({1, 2, 3, 4, 5});
  state.report.epoch = {2, 6, 8, 0.5, 0.25, std::numeric_limits<double>::infinity(), 1};
  state.best = BestScore{"step-000000007", 0.5};
  return state;
}

TEST(RunState, ReadsBackWhatItWrote) {
  const RunState was = example(), is = run_state_from(to_text(was));
  EXPECT_EQ(to_text(is), to_text(was));
  EXPECT_EQ(is.must_match, was.must_match);
  EXPECT_EQ(is.data, was.data);
  EXPECT_EQ(is.report.steps, 7u);
  EXPECT_EQ(is.report.first_loss, 0.1f);
  EXPECT_TRUE(std::isnan(is.report.last_loss.value())) << "a loss that is no number stays one";
  EXPECT_EQ(is.report.sample_digest.value(), 0xfedcba9876543210);
  EXPECT_THAT(is.report.bad.ids[0], ElementsAre(1, 99));
  EXPECT_DOUBLE_EQ(is.report.timer.checkpoint_s(), 5);
  EXPECT_EQ(is.report.epoch.epoch, 2u);
  EXPECT_EQ(is.report.epoch.steps_before, 6u);
  EXPECT_EQ(is.report.epoch.loss, std::numeric_limits<double>::infinity());
  EXPECT_EQ(is.best->checkpoint, "step-000000007");
}

TEST(RunState, RefusesWhatIsNone) {
  EXPECT_THROW(run_state_from(""), UsageError);
  EXPECT_THROW(run_state_from("{}"), UsageError);
  std::string text = to_text(example());
  text.replace(text.find("\": 1"), 4, "\": 2");
  EXPECT_THROW(run_state_from(text), UsageError);
}

TEST(RunState, NamesWhatDiffers) {
  EXPECT_THAT(differences({{"a", "1"}, {"b", "2"}}, {{"a", "1"}, {"b", "3"}, {"c", "4"}}),
              ElementsAre("b was 2, is 3", "c was not there, is 4"));
}

TEST(RunState, TheBestValidationIsTheMostAccurateOrTheOneOfLeastLoss) {
  EXPECT_EQ(score({0.3, {{"accuracy", 0.9}}}), 0.9);
  EXPECT_EQ(score({0.3, {}}), -0.3);
  EXPECT_EQ(score({}), std::nullopt);
}

TEST(Score, OfAValidationThatIsNotFiniteThereIsNone) {
  EXPECT_EQ(score({std::nan(""), {{"accuracy", 0.1}}}), std::nullopt);
  EXPECT_EQ(score({std::nan(""), {}}), std::nullopt);
}

}  // namespace
}  // namespace feedline

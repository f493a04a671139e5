#include "parsing.hpp"

#include <gmock/gmock.h>

namespace feedline {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(CommandLine, TrainIsTheDefaultCommand) {
  EXPECT_EQ(options_of({"train", "--epochs", "3"}).epochs, 3u);
  EXPECT_EQ(options_of({"--epochs", "3"}).epochs, 3u);
}

TEST(CommandLine, ValuesFollowOrAreAttached) {
  EXPECT_EQ(options_of({"--epochs=4"}).epochs, 4u);
}

template <class Wanted>
Wanted command_of(std::vector<const char*> words) {
  words.insert(words.begin(), "feedline");
  return std::get<Wanted>(parse_command_line(static_cast<int>(words.size()), words.data()));
}

TEST(CommandLine, CheckTakesItsFolderAsItIs) {
  EXPECT_EQ(command_of<CheckCommand>({"check", "/data", "--num-workers", "3"}).options.data.train_data,
            "/data");
  EXPECT_EQ(command_of<CheckCommand>({"check", "--train-data", "/data"}).options.data.train_data, "/data");
  EXPECT_THAT(refusal({"check"}), HasSubstr("--train-data is missing"));
}

TEST(CommandLine, PreviewNeedsAPlaceToWriteTo) {
  const auto preview =
      command_of<PreviewCommand>({"preview", "--train-data", "d", "--output", "o", "--split", "val"});
  EXPECT_EQ(preview.output, "o");
  EXPECT_EQ(preview.split, Split::kVal);
  EXPECT_EQ(command_of<PreviewCommand>({"preview", "--train-data", "d", "--output", "o"}).split,
            Split::kTrain);
  EXPECT_THAT(refusal({"preview", "--train-data", "d"}), HasSubstr("--output is missing"));
}

TEST(CommandLine, EvaluateAndPredictTakeACheckpointAndWords) {
  const auto evaluate = command_of<EvaluateCommand>({"evaluate", "test", "--resume", "c"});
  EXPECT_EQ(evaluate.options.data.val_data, "test");
  EXPECT_EQ(command_of<EvaluateCommand>({"evaluate", "--resume", "c", "test"}).options.data.val_data, "test");
  EXPECT_FALSE(command_of<EvaluateCommand>({"evaluate", "--resume", "c"}).options.data.val_data);
  EXPECT_THAT(refusal({"evaluate", "a", "b", "--resume", "c"}), HasSubstr("one folder"));
  EXPECT_THAT(refusal({"evaluate", "--resume", "none"}), HasSubstr("--resume is missing"));
  const auto predict =
      command_of<PredictCommand>({"predict", "a.jpg", "--resume", "c", "--keep-silent", "b"});
  EXPECT_EQ(predict.inputs, (std::vector<std::filesystem::path>{"a.jpg", "b"}));
  EXPECT_THAT(refusal({"predict", "--resume", "c"}), HasSubstr("predict needs files"));
  EXPECT_THAT(refusal({"predict", "--resume", "c", "--epoch", "3"}), HasSubstr("did you mean --epochs?"));
}

TEST(CommandLine, FlagsThatAreNotGivenCanComeFromElsewhere) {
  const auto given = command_of<EvaluateCommand>({"evaluate", "test", "--resume", "c", "--batch-size", "8"});
  const Options options = with_defaults(
      given.options,
      {{"--batch-size", "32"}, {"--clip-seconds", "2"}, {"--channel", "unset"}, {"--keep-silent", "true"}});
  EXPECT_EQ(options.data.batch_size, 8U);
  EXPECT_EQ(options.data.sound.clip_seconds, 2);
  EXPECT_FALSE(options.data.sound.channel);
  EXPECT_TRUE(options.data.sound.keep_silent);
}

TEST(CommandLine, ProbeKeepsItsArgumentsForTheRecommendation) {
  const auto probe = command_of<ProbeCommand>({"probe", "--train-data", "d", "--epochs", "3"});
  EXPECT_EQ(probe.options.arguments, (std::vector<std::string>{"--train-data", "d", "--epochs", "3"}));
  EXPECT_EQ(probe.options.epochs, 3U);
}

TEST(CommandLine, PreviewsFlagsAreItsOwn) {
  EXPECT_THAT(refusal({"train", "--train-data", "d", "--output", "o"}), HasSubstr("feedline preview"));
  EXPECT_THAT(refusal({"probe", "--train-data", "d", "--split", "val"}), HasSubstr("feedline preview"));
}

TEST(CommandLine, AnUnknownCommandGetsTheNearest) {
  EXPECT_EQ(refusal({"trian"}), "Unknown command 'trian'; did you mean train?");
  EXPECT_THAT(refusal({"xyzzy"}), HasSubstr("Unknown command 'xyzzy'. `feedline --help`"));
  EXPECT_THAT(refusal({""}), HasSubstr("Unknown command ''"));
}

TEST(CommandLine, NothingAtAllSaysWhatIsMissing) {
  EXPECT_THAT(refusal({}), AllOf(HasSubstr("--train-data is missing"), HasSubstr("feedline --help")));
  EXPECT_THAT(refusal({"train"}), HasSubstr("--train-data is missing"));
}

TEST(CommandLine, NoArgumentsEvenWithoutAName) {
  EXPECT_THROW(parse_command_line(0, nullptr), UsageError);
}

TEST(CommandLine, AnUnknownFlagGetsTheNearest) {
  EXPECT_EQ(refusal({"--bufer-size", "5"}), "Unknown flag --bufer-size; did you mean --buffer-size?");
  EXPECT_EQ(refusal({"--bufer-size=5"}), "Unknown flag --bufer-size; did you mean --buffer-size?");
  EXPECT_THAT(refusal({"--completely-else"}), HasSubstr("Unknown flag --completely-else. `feedline --help`"));
  EXPECT_THAT(refusal({"-x"}), HasSubstr("Unknown flag -x"));
}

TEST(CommandLine, NoAbbreviationIsTaken) {
  EXPECT_EQ(refusal({"--buffer", "5"}), "Unknown flag --buffer; did you mean --buffer-size?");
  EXPECT_THAT(refusal({"--epoch", "5"}), HasSubstr("did you mean --epochs?"));
}

TEST(CommandLine, AMissingValueIsNamed) {
  EXPECT_EQ(refusal({"--lr"}), "--lr has no value. Write it as --lr R.");
  EXPECT_EQ(refusal({"--lr", "--epochs", "5"}), "--lr has no value. Write it as --lr R.");
  EXPECT_EQ(refusal({"--lr="}), "--lr has no value. Write it as --lr R.");
  EXPECT_THAT(refusal({"--train-data", ""}), HasSubstr("--train-data has no value"));
}

TEST(CommandLine, ASwitchTakesNoValue) {
  EXPECT_THAT(refusal({"--enable-static-shapes=true"}), HasSubstr("--enable-static-shapes is a switch"));
}

TEST(CommandLine, AStrayWordIsNamed) {
  EXPECT_THAT(refusal({"--epochs", "5", "stray"}), HasSubstr("'stray' belongs to no flag"));
  EXPECT_THAT(refusal({"train", "again"}), HasSubstr("'again' belongs to no flag"));
  EXPECT_THAT(refusal({"--", "stray"}), HasSubstr("'stray' belongs to no flag"));
}

TEST(CommandLine, AFlagTwiceIsRefused) {
  EXPECT_EQ(refusal({"--lr", "0.1", "--lr", "0.2"}),
            "--lr is given twice: first as --lr 0.1, then as --lr 0.2. Give it once.");
}

}  // namespace
}  // namespace feedline

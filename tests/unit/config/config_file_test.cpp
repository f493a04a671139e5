#include "child_process.hpp"
#include "parsing.hpp"
#include "sanitizer.hpp"
#include "sources.hpp"

#include <feedline/common/stop.hpp>

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ConfigFile : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  std::string write(const std::string& text) {
    std::ofstream(path_) << text;
    return path_;
  }

  std::string refusal_of(const std::string& text) { return refusal({"--config", write(text)}); }

  const std::string path_ =
      ::testing::TempDir() + "feedline_config_test_" + std::to_string(::getpid()) + ".conf";
};

TEST_F(ConfigFile, GivesFlags) {
  write("# a run\n\ntrain-data = /my data  # not mine\r\nlr=0.5\n  epochs =  7\nbatch-size = 8");
  const Options options = std::get<TrainCommand>(parse({"--config", path_})).options;
  EXPECT_EQ(options.data.train_data, "/my data");
  EXPECT_DOUBLE_EQ(options.train.lr, 0.5);
  EXPECT_EQ(options.epochs, 7u);
  EXPECT_EQ(options.data.batch_size, 8u);
}

TEST_F(ConfigFile, OfAnotherEditorIsTaken) {
  write("\xef\xbb\xbftrain-data = /data\r\nlr = 0.5\r\n\r\n# end\r\nenable-static-shapes\r\n");
  const Options options = std::get<TrainCommand>(parse({"--config", path_})).options;
  EXPECT_EQ(options.data.train_data, "/data");
  EXPECT_DOUBLE_EQ(options.train.lr, 0.5);
  EXPECT_TRUE(options.data.speech.static_shapes);
  EXPECT_THAT(refusal_of(std::string("\xff\xfel\0r\0", 6)), AllOf(HasSubstr(path_), HasSubstr("UTF-16")));
}

TEST_F(ConfigFile, AHashInsideAWordIsNoComment) {
  write("train-data = /data#1\nsummary = a=b.json\n");
  const Options options = std::get<TrainCommand>(parse({"--config", path_})).options;
  EXPECT_EQ(options.data.train_data, "/data#1");
  EXPECT_EQ(options.summary, "a=b.json");
}

TEST_F(ConfigFile, TheCommandLineWins) {
  write("train-data = /file\nlr = 0.5\n");
  const Options options = std::get<TrainCommand>(parse({"--lr", "0.25", "--config", path_})).options;
  EXPECT_DOUBLE_EQ(options.train.lr, 0.25);
  EXPECT_EQ(options.data.train_data, "/file");
}

TEST_F(ConfigFile, SwitchesAreTrueFalseOrBare) {
  EXPECT_EQ(refusal_of("train-data = d\nenable-static-shapes = false\n"), "");
  EXPECT_EQ(refusal_of("train-data = d\nenable-static-shapes = true\n"), "");
  EXPECT_EQ(refusal_of("train-data = d\nenable-static-shapes\n"), "");
  EXPECT_THAT(refusal_of("enable-static-shapes = yes\n"),
              AllOf(HasSubstr(path_ + ", line 1"), HasSubstr("'enable-static-shapes = true'")));
}

TEST_F(ConfigFile, AnUnknownFlagNamesFileLineAndTheNearest) {
  EXPECT_EQ(refusal_of("# one\nbufer-size = 5\n"),
            path_ + ", line 2: unknown flag 'bufer-size'; did you mean buffer-size?");
}

TEST_F(ConfigFile, ABadValueNamesFileAndLine) {
  EXPECT_THAT(refusal_of("\nbatch-size = 0\n"),
              HasSubstr("--batch-size 0 (" + path_ + ", line 2) is not allowed"));
}

TEST_F(ConfigFile, NoValueIsNamed) {
  EXPECT_THAT(refusal_of("lr\n"), HasSubstr("line 1: 'lr' has no value"));
  EXPECT_THAT(refusal_of("lr = # nothing\n"), HasSubstr("line 1: 'lr' has no value"));
}

TEST_F(ConfigFile, AFlagTwiceNamesBothLines) {
  EXPECT_THAT(refusal_of("lr = 1\nlr = 2\n"),
              AllOf(HasSubstr("line 1"), HasSubstr("line 2"), HasSubstr("twice")));
}

TEST_F(ConfigFile, DashesAreNotWritten) {
  EXPECT_THAT(refusal_of("--lr = 1\n"), HasSubstr("flags are written without dashes"));
}

TEST_F(ConfigFile, SomeFlagsBelongOnTheCommandLine) {
  for (const char* line : {"config = other\n", "help\n", "version\n"}) {
    EXPECT_THAT(refusal_of(line), HasSubstr("belongs on the command line"));
  }
}

TEST_F(ConfigFile, AFileThatCannotBeReadIsNamed) {
  EXPECT_THAT(refusal({"--config", "/nowhere/run.conf"}),
              AllOf(HasSubstr("/nowhere/run.conf"), HasSubstr("No such file")));
  EXPECT_THAT(refusal({"--config", "/tmp"}), HasSubstr("it is a folder"));
}

/// A pipe with a name, removed at the end.
class ConfigPipe : public ConfigFile {
 protected:
  ConfigPipe() { EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0); }
};

TEST_F(ConfigPipe, IsReadToItsEndHoweverSlowly) {
  std::thread writer([&] {
    std::ofstream pipe(path_);
    pipe << "train-data = /slow" << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    pipe << "ly\nlr = 0.5\n";
  });
  const Options options = std::get<TrainCommand>(parse({"--config", path_})).options;
  writer.join();
  EXPECT_EQ(options.data.train_data, "/slowly");
  EXPECT_DOUBLE_EQ(options.train.lr, 0.5);
}

TEST_F(ConfigPipe, IsReadOnlyOnce) {
  std::thread writer([&] { std::ofstream(path_) << "train-data = /data\nlr = 0.5\n"; });
  const Options given = std::get<TrainCommand>(parse({"--config", path_})).options;
  writer.join();
  const Options options = with_defaults(given, {{"--lr", "0.25"}, {"--epochs", "3"}});
  EXPECT_DOUBLE_EQ(options.train.lr, 0.5);
  EXPECT_EQ(options.epochs, 3u);
}

TEST_F(ConfigPipe, IsRefusedForDecodersThatWouldReadItAgain) {
  std::thread writer([&] { std::ofstream(path_) << "train-data = /data\n"; });
  EXPECT_THAT(refusal({"--config", path_, "--isolate-decoders"}),
              AllOf(HasSubstr(path_), HasSubstr("is a pipe, which can be read once")));
  writer.join();
}

TEST_F(ConfigPipe, ThatGivesNothingIsRefused) {
  EXPECT_THAT([&] { config::read_config_text(path_, 0.05); },
              ::testing::ThrowsMessage<UsageError>(
                  AllOf(HasSubstr(path_), HasSubstr("nothing has come for 0.05 s"))));
}

TEST_F(ConfigPipe, ARequestToStopEndsTheWait) {
  FEEDLINE_NEEDS_FORK();
  feedline::testing::ChildProcess child([&] {
    hold_stop_signals();
    raise(SIGTERM);
    try {
      config::read_config_text(path_, 5);
    } catch (const Error& error) {
      return static_cast<int>(error.code());
    }
    return 0;
  });
  EXPECT_EQ(child.wait(), static_cast<int>(ExitCode::kStopped));
}

TEST_F(ConfigFile, ADeviceThatNeverEndsIsRefused) {
  EXPECT_THAT(refusal({"--config", "/dev/zero"}),
              AllOf(HasSubstr("/dev/zero"), HasSubstr("larger than 1 MiB")));
}

}  // namespace
}  // namespace feedline

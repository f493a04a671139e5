#include "parsing.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace feedline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(IdleFlags, OfSoundsAndSpeechChangeNothingForPictures) {
  const Options options =
      options_of({"--n-fft", "512", "--columns", "id,text", "--keep-silent", "--enable-static-shapes",
                  "--mel-fields", "power=true", "--clip-seconds", "2", "--image-size", "32", "--lr", "0.1"});
  EXPECT_THAT(idle_flags(options, Task::kImage),
              ElementsAre("--n-fft 512", "--mel-fields power=true", "--keep-silent", "--clip-seconds 2",
                          "--enable-static-shapes", "--columns id,text"));
  EXPECT_THAT(idle_flags(options, Task::kAudio),
              ElementsAre("--image-size 32", "--enable-static-shapes", "--columns id,text"));
  EXPECT_THAT(idle_flags(options, Task::kSpeech), ElementsAre("--image-size 32", "--clip-seconds 2"));
}

TEST(IdleFlags, EveryTaskHasItsOwn) {
  EXPECT_THAT(idle_flags(options_of({"--image-size", "32", "--augment", "basic"}), Task::kImage), IsEmpty());
  EXPECT_THAT(idle_flags(options_of({"--clip-seconds", "2", "--n-mels", "40"}), Task::kAudio), IsEmpty());
  EXPECT_THAT(idle_flags(options_of({"--lang", "fa", "--max-shapes", "2", "--channel", "0"}), Task::kSpeech),
              IsEmpty());
}

TEST(IdleFlags, OfAFileAreNamedWithTheirLines) {
  const std::string path = testing::TempDir() + "feedline_idle_test_" + std::to_string(::getpid()) + ".conf";
  std::ofstream(path) << "n-mels = 40\nkeep-silent = false\n";
  const Options options = options_of({"--config", path});
  std::filesystem::remove(path);
  EXPECT_THAT(idle_flags(options, Task::kImage), ElementsAre("--n-mels 40 (" + path + ", line 1)"));
}

}  // namespace
}  // namespace feedline

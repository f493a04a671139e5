#include "speech/recording_finder.hpp"

#include "speech/recording_name.hpp"
#include "temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace feedline {
namespace {

using ::testing::ElementsAre;
using testing::TempFolder;

std::string found(const TempFolder& folder, std::string_view id) {
  return RecordingFinder(folder.path()).find(id).value_or("nothing");
}

TEST(RecordingFinder, LooksInTheFolderAndInWavs) {
  const TempFolder folder;
  folder.write("a.wav", "");
  folder.write("wavs/b.flac", "");
  EXPECT_EQ(found(folder, "a"), "a.wav");
  EXPECT_EQ(found(folder, "b"), "wavs/b.flac");
  EXPECT_EQ(found(folder, "c"), "nothing");
}

TEST(RecordingFinder, TakesEveryEndingInOrder) {
  const TempFolder folder;
  for (const auto* ending : {"opus", "ogg", "mp3", "flac", "wav"}) {
    folder.write(std::string("wavs/x.") + ending, "");
    EXPECT_EQ(found(folder, "x"), std::string("wavs/x.") + ending);
  }
}

TEST(RecordingFinder, AnEndingInTheIdCountsFirst) {
  const TempFolder folder;
  folder.write("wavs/a.wav", "");
  folder.write("wavs/a.mp3", "");
  folder.write("wavs/b.flac", "");
  folder.write("wavs/v1.2.wav", "");
  EXPECT_EQ(found(folder, "a.mp3"), "wavs/a.mp3");
  EXPECT_EQ(found(folder, "wavs/a.wav"), "wavs/a.wav");
  EXPECT_EQ(found(folder, "b.wav"), "wavs/b.flac") << "converted since";
  EXPECT_EQ(found(folder, "v1.2"), "wavs/v1.2.wav");
}

TEST(RecordingFinder, TellsWhatElseAnIdMayName) {
  const TempFolder folder;
  for (const char* name : {"wavs/a.wav", "wavs/a.flac", "wavs/b.wav", "b.wav", "wavs/c.wav", "wavs/c.WAV",
                           "wavs/d.wav", "wavs/e.wav", "en/f.ogg", "en/f.mp3", "wavs/g.wav", "wavs/g.txt"})
    folder.write(name, "");
  std::filesystem::create_symlink("d.wav", folder / "wavs/d.flac");
  RecordingFinder finder(folder.path());
  const auto other = [&](const char* id) {
    return finder.find_other(id, finder.find(id).value()).value_or("");
  };
  EXPECT_EQ(other("a"), "wavs/a.flac");
  EXPECT_EQ(other("a.mp3"), "wavs/a.flac") << "converted since, to which of them?";
  EXPECT_EQ(other("b"), "wavs/b.wav");
  EXPECT_EQ(other("b.wav"), "wavs/b.wav");
  EXPECT_EQ(other("c"), "wavs/c.WAV");
  EXPECT_EQ(other("en/f"), "en/f.ogg");
  for (const char* id : {"a.wav", "a.flac", "wavs/a.wav", "wavs/b.wav", "c.wav", "d", "e", "en/f.ogg", "g"})
    EXPECT_EQ(other(id), "") << id;
}

TEST(RecordingFinder, FindsNamesWithoutAnEnding) {
  const TempFolder folder;
  folder.write("wavs/take1", "");
  folder.write("wavs/take2/x.wav", "");
  EXPECT_EQ(found(folder, "take1"), "wavs/take1");
  EXPECT_EQ(found(folder, "take2"), "nothing") << "a folder is no recording";
}

TEST(RecordingFinder, FollowsSubFolders) {
  const TempFolder folder;
  folder.write("en/a.wav", "");
  folder.write("wavs/ru/b.wav", "");
  EXPECT_EQ(found(folder, "en/a"), "en/a.wav");
  EXPECT_EQ(found(folder, "ru/b"), "wavs/ru/b.wav");
  EXPECT_EQ(found(folder, "de/b"), "nothing");
}

TEST(RecordingFinder, IgnoresCaseLast) {
  const TempFolder folder;
  folder.write("Wavs/LJ001.WAV", "");
  folder.write("Wavs/\u00C9t\u00E9.wav", "");
  EXPECT_EQ(found(folder, "lj001"), "Wavs/LJ001.WAV");
  EXPECT_EQ(found(folder, "e\u0301te\u0301"), "Wavs/\u00C9t\u00E9.wav") << "composed otherwise";
  folder.write("wavs/lj001.ogg", "");
  EXPECT_EQ(found(folder, "lj001"), "wavs/lj001.ogg") << "an exact name counts before a better ending";
}

TEST(RecordingFinder, OneServesManyIds) {
  const TempFolder folder;
  folder.write("wavs/a.wav", "");
  RecordingFinder finder(folder.path());
  EXPECT_EQ(finder.find("a"), "wavs/a.wav");
  folder.write("wavs/b.wav", "");
  EXPECT_EQ(finder.find("b"), std::nullopt) << "the folder is listed once";
}

TEST(RecordingFinder, SaysWhatItTriedFirst) {
  EXPECT_THAT(RecordingFinder::first_tried("a"), ElementsAre("a.wav", "wavs/a.wav", "a.flac"));
  EXPECT_THAT(RecordingFinder::first_tried("s/a.mp3"), ElementsAre("s/a.mp3", "wavs/s/a.mp3", "s/a.mp3.wav"));
}

TEST(RecordingName, EndingsAreTakenOff) {
  EXPECT_EQ(without_recording_ending("s/a.wav"), "s/a");
  EXPECT_EQ(without_recording_ending("a.b.OPUS"), "a.b");
  EXPECT_EQ(without_recording_ending("a.txt"), "a.txt");
  EXPECT_EQ(without_recording_ending(".wav"), ".wav");
  EXPECT_EQ(without_recording_ending(""), "");
}

}  // namespace
}  // namespace feedline

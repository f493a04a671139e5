#include "temp_folder.hpp"

#include <feedline/data/bad_samples.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace feedline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempFolder;

SampleError bad_file(int number) {
  return {"/data/" + std::to_string(number) + ".jpg", "it ends early"};
}

std::vector<nlohmann::json> lines(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<nlohmann::json> result;
  for (std::string line; std::getline(in, line);) result.push_back(nlohmann::json::parse(line));
  return result;
}

TEST(BadSamples, EachIsListedOnce) {
  const TempFolder folder;
  BadSamples bad(BadSamplePolicy::kReplace, 1000, folder / "bad_samples.jsonl");
  for (std::uint32_t epoch = 0; epoch < 3; ++epoch) {
    bad.note(bad_file(1), epoch);
    bad.note_good();
    bad.note(bad_file(2), epoch);
    bad.note_good();
  }
  const auto list = lines(folder / "bad_samples.jsonl");
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0]["path"], "/data/1.jpg");
  EXPECT_EQ(list[0]["reason"], "it ends early");
  EXPECT_EQ(list[0]["epoch"], 0);
  EXPECT_EQ(bad.counts().files, 2U);
}

TEST(BadSamples, AnEarlierRunsListGoes) {
  const TempFolder folder;
  folder.write("bad_samples.jsonl", "old");
  const BadSamples bad(BadSamplePolicy::kReplace, 1000, folder / "bad_samples.jsonl");
  EXPECT_FALSE(std::filesystem::exists(folder / "bad_samples.jsonl"));
}

TEST(BadSamples, NamesInAnyEncodingAreListed) {
  const TempFolder folder;
  BadSamples bad(BadSamplePolicy::kReplace, 1000, folder / "bad_samples.jsonl");
  bad.note({"/data/\xFF\xFE.jpg", "it is empty"}, 0);
  EXPECT_EQ(lines(folder / "bad_samples.jsonl").size(), 1U);
}

TEST(BadSamples, AHundredInARowAreTakenAndOneMoreIsNot) {
  BadSamples bad(BadSamplePolicy::kReplace, 1'000'000);
  for (int i = 0; i < 100; ++i) bad.note(bad_file(i), 0);
  try {
    bad.note(bad_file(100), 0);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("101 samples in a row"));
    EXPECT_THAT(error.what(), HasSubstr("/data/0.jpg: it ends early\n  /data/1.jpg"));
    EXPECT_THAT(error.what(), HasSubstr("/data/4.jpg"));
    EXPECT_THAT(error.what(), Not(HasSubstr("/data/5.jpg")));
  }
}

TEST(BadSamples, AGoodOneEndsTheRow) {
  BadSamples bad(BadSamplePolicy::kReplace, 1'000'000);
  for (int i = 0; i < 300; ++i) {
    bad.note(bad_file(i), 0);
    if (i % 90 == 0) bad.note_good();
  }
  EXPECT_EQ(bad.counts().files, 300U);
}

TEST(BadSamples, MoreThanFivePercentOfAllEndTheRun) {
  BadSamples bad(BadSamplePolicy::kReplace, 100);
  for (int i = 0; i < 5; ++i) {
    bad.note(bad_file(i), 0);
    bad.note_good();
  }
  bad.note(bad_file(0), 1);  // known already
  try {
    bad.note(bad_file(5), 1);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_EQ(error.code(), ExitCode::kBadData);
    EXPECT_THAT(error.what(), HasSubstr("6 of 100"));
  }
}

TEST(BadSamples, HowManyMayBeIsGiven) {
  BadSamples none(BadSamplePolicy::kReplace, 100, std::nullopt, false, 0.0);
  EXPECT_THROW(none.note(bad_file(0), 0), DataError);
  BadSamples all(BadSamplePolicy::kReplace, 10, std::nullopt, false, 1.0);
  for (int i = 0; i < 10; ++i) all.note(bad_file(i), 0);
  EXPECT_EQ(all.counts().files, 10U);
}

TEST(BadSamples, AbortEndsAtTheFirst) {
  BadSamples bad(BadSamplePolicy::kAbort, 100);
  EXPECT_THROW(bad.note(bad_file(1), 0), DataError);
}

TEST(BadSamples, AListThatCannotBeWrittenDoesNoHarm) {
  BadSamples bad(BadSamplePolicy::kReplace, 100, "/no/such/folder/bad_samples.jsonl");
  bad.note(bad_file(1), 0);
  bad.note(bad_file(2), 0);
  EXPECT_EQ(bad.counts().files, 2U);
}

TEST(BadSamples, AreListedByReasonWithTheFirstNames) {
  BadSamples bad(BadSamplePolicy::kReplace, 1000);
  EXPECT_EQ(bad.by_reason(), "");
  for (const char* name : {"a.jpg", "b\n.jpg", "c.jpg", "d.jpg"})
    bad.note(SampleError(name, "it ends early"), 0);
  bad.note(SampleError("e.jpg", "it is empty"), 0);
  bad.note(SampleError("e.jpg", "it is empty"), 1);
  EXPECT_EQ(bad.by_reason(), "\n  4: it ends early (a.jpg, b\\n.jpg, c.jpg, ...)\n  1: it is empty (e.jpg)");
}

}  // namespace
}  // namespace feedline

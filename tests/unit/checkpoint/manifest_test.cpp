#include "temp_folder.hpp"

#include <feedline/checkpoint/manifest.hpp>
#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

namespace feedline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Manifest example() {
  Manifest manifest;
  manifest.parts["model.pt"] = {123456, 0xfedcba9876543210};
  manifest.parts["state.json"] = {17, 1};
  return manifest;
}

TEST(Manifest, ReadsBackWhatItWrote) {
  EXPECT_EQ(manifest_from(to_text(example())).parts, example().parts);
}

TEST(Manifest, FindsEveryFlippedBitAndEveryTruncation) {
  const std::string good = to_text(example());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THROW(manifest_from(bad), UsageError) << "bit " << bit;
  }
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_THROW(manifest_from(good.substr(0, length)), UsageError) << length;
  EXPECT_THROW(manifest_from(good + " "), UsageError);
}

TEST(Manifest, AVersionOfTheFutureIsRefusedByName) {
  std::string text = to_text(example());
  text.replace(text.find("\": 1"), 4, "\": 2");
  EXPECT_THAT([&] { manifest_from(text); }, ThrowsMessage<UsageError>(HasSubstr("version 2")));
}

/// A sound checkpoint, of one part.
class VerifyCheckpoint : public ::testing::Test {
 protected:
  VerifyCheckpoint() { restore(); }

  void restore() {
    std::filesystem::remove_all(folder_.path() / "x");
    Manifest manifest;
    folder_.write("x/part", kText);
    manifest.parts["part"] = digest_of(folder_ / "x/part");
    folder_.write("x/manifest.json", to_text(manifest));
  }

  void expect_refused(const std::string& file, const std::string& why) {
    EXPECT_THAT(
        [&] { verify_checkpoint(folder_ / "x"); },
        ThrowsMessage<UsageError>(AllOf(HasSubstr((folder_ / ("x/" + file)).string()), HasSubstr(why))));
    restore();
  }

  const std::string kText = std::string(3000, 'a') + "end";
  testing::TempFolder folder_;
};

TEST_F(VerifyCheckpoint, AcceptsWhatIsWhole) {
  EXPECT_EQ(verify_checkpoint(folder_ / "x").parts.size(), 1u);
}

TEST_F(VerifyCheckpoint, RefusesADamagedPartByName) {
  for (const std::size_t at : {0, 1, 1500, 3002}) {
    std::string bad = kText;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    folder_.write("x/part", bad);
    expect_refused("part", "damaged");
  }
}

TEST_F(VerifyCheckpoint, RefusesACutEmptyLongerOrMissingPartByName) {
  for (const std::size_t length : {0, 1, 1500, 3002}) {
    folder_.write("x/part", kText.substr(0, length));
    expect_refused("part", std::to_string(length) + " bytes, 3003 were written");
  }
  folder_.write("x/part", kText + "x");
  expect_refused("part", "3004 bytes");
  std::filesystem::remove(folder_ / "x/part");
  expect_refused("part", "No such file");
}

TEST_F(VerifyCheckpoint, RefusesWithoutAManifest) {
  std::filesystem::remove(folder_ / "x/manifest.json");
  expect_refused("manifest.json", "cannot be read");
  folder_.write("x/manifest.json", "");
  expect_refused("manifest.json", "damaged");
}

TEST_F(VerifyCheckpoint, APipeIsRefusedUnread) {
  for (const char* name : {"x/part", "x/manifest.json"}) {
    restore();
    std::filesystem::remove(folder_ / name);
    ASSERT_EQ(::mkfifo((folder_ / name).c_str(), 0600), 0);
    EXPECT_THAT(
        [&] { verify_checkpoint(folder_ / "x"); },
        ThrowsMessage<UsageError>(AllOf(HasSubstr((folder_ / name).string()), HasSubstr("no regular file"))));
  }
}

}  // namespace
}  // namespace feedline

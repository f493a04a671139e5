#include "temp_folder.hpp"

#include <feedline/checkpoint/durable_file.hpp>

#include <gtest/gtest.h>

#include <string>

namespace feedline {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

TEST(DurableFile, HoldsWhatWasWrittenAndKnowsItsDigest) {
  const testing::TempFolder folder;
  DurableFile file(folder / "a");
  file.write(bytes_of("feed"));
  file.write(bytes_of("line"));
  const FileDigest digest = file.finish();
  EXPECT_EQ(digest.bytes, 8u);
  EXPECT_EQ(digest.hash, hash64(bytes_of("feedline")));
  EXPECT_EQ(digest_of(folder / "a"), digest);
}

TEST(DurableFile, RefusesToOverwrite) {
  const testing::TempFolder folder;
  folder.write("a", "mine");
  EXPECT_THROW(DurableFile(folder / "a"), std::filesystem::filesystem_error);
}

TEST(DurableFile, SaysWhichFileCannotBeWritten) {
  try {
    DurableFile lost("/nowhere/at/all");
    FAIL();
  } catch (const std::filesystem::filesystem_error& error) {
    EXPECT_EQ(error.path1(), "/nowhere/at/all");
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  }
}

}  // namespace
}  // namespace feedline

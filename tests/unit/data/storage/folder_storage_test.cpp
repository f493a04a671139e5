#include "storage/folder_storage.hpp"

#include "temp_folder.hpp"

#include <feedline/common/errors.hpp>

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace feedline {
namespace {

struct Files : ::testing::Test {
  Files() { folder.write("sub/b", "0123456789"); }

  static std::string text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::string range(std::uint64_t offset, std::size_t bytes) const {
    std::array<std::byte, 100> memory;
    const FileRange got = files.read_range(0, offset, std::span(memory).first(bytes));
    EXPECT_EQ(got.file_bytes, 10U);
    return text(got.bytes);
  }

  testing::TempFolder folder;
  FolderStorage files{FileNames(folder.path(), std::vector<std::string>{"sub/b", "missing"})};
  FileBuffer buffer;
};

TEST_F(Files, AreReadWhole) {
  EXPECT_EQ(files.size(), 2U);
  EXPECT_EQ(text(files.read(0, buffer)), "0123456789");
  EXPECT_THROW(files.read(1, buffer), std::system_error);
}

TEST_F(Files, AreReadInParts) {
  EXPECT_EQ(range(0, 4), "0123");
  EXPECT_EQ(range(4, 100), "456789");
  EXPECT_EQ(range(3, 0), "");
  EXPECT_EQ(range(10, 5), "");
  EXPECT_EQ(range(1'000'000, 5), "");
  EXPECT_THROW(files.read_range(1, 0, {}), std::system_error);
}

TEST_F(Files, HaveAnIdentityThatChangesWithThem) {
  const auto before = files.identity(0);
  ASSERT_TRUE(before);
  EXPECT_EQ(before, files.identity(0));
  EXPECT_EQ(before->bytes, 10U);
  folder.write("sub/b", "012345678");
  EXPECT_NE(before, files.identity(0));
  EXPECT_FALSE(files.identity(1));
}

TEST_F(Files, HintsMayComeToNothing) {
  for (std::uint64_t id = 0; id < 2; ++id) {
    files.read_ahead(id);
    files.forget(id);
  }
  EXPECT_EQ(text(files.read(0, buffer)), "0123456789");
}

// Whichever way the user writes the path: an index is found again.
TEST_F(Files, HaveOneKeyForOneFolder) {
  const testing::TempFolder other;
  std::filesystem::create_directory_symlink(folder.path(), other / "link");
  const auto key_of = [](const std::filesystem::path& root) {
    return FolderStorage(FileNames(root, {})).key();
  };
  EXPECT_EQ(files.key(), std::filesystem::canonical(folder.path()));
  EXPECT_EQ(key_of(other / "link"), files.key());
  EXPECT_EQ(key_of(folder / "sub/.."), files.key());
  EXPECT_NE(key_of(other.path()), files.key());
}

TEST_F(Files, NeedAFolder) {
  try {
    const FolderStorage none(FileNames(folder / "none", {}));
    FAIL();
  } catch (const DataError& error) {
    EXPECT_NE(std::string_view(error.what()).find("none cannot be opened: No such file"),
              std::string_view::npos)
        << error.what();
  }
  EXPECT_THROW(FolderStorage(FileNames(folder / "sub/b", {})), DataError);
}

}  // namespace
}  // namespace feedline

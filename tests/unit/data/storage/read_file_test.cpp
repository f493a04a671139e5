#include "storage/read_file.hpp"

#include "decode_error.hpp"
#include "temp_folder.hpp"

#include <feedline/common/posix.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <system_error>

namespace feedline {
namespace {

struct Folder : ::testing::Test {
  testing::TempFolder files;
  UniqueFd fd{open(files.path().c_str(), O_RDONLY | O_DIRECTORY)};
  FileBuffer buffer;

  std::string read(const char* name) {
    const auto bytes = read_file(fd.get(), name, buffer);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

TEST_F(Folder, GivesWholeFiles) {
  const std::string large(5'000'000, 'x');
  files.write("small", "abc");
  files.write("sub/large", large);
  files.write("empty", "");
  EXPECT_EQ(read("small"), "abc");
  EXPECT_EQ(read("sub/large"), large);
  EXPECT_EQ(read("empty"), "");
  EXPECT_EQ(read("small"), "abc");
}

TEST_F(Folder, SaysWhatFailed) {
  try {
    read("none");
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code().value(), ENOENT);
  }
}

TEST_F(Folder, TakesOnlyFiles) {
  mkfifo((files / "pipe.jpg").c_str(), 0600);
  files.write("sub/file", "");
  EXPECT_THROW(read("pipe.jpg"), DecodeError);
  EXPECT_THROW(read("sub"), DecodeError);
}

TEST_F(Folder, HintsMayComeToNothing) {
  files.write("file", "abc");
  read_file_ahead(fd.get(), "none");
  drop_from_page_cache(fd.get(), "file");
  read_file_ahead(fd.get(), "file");
  EXPECT_EQ(read("file"), "abc");
}

}  // namespace
}  // namespace feedline

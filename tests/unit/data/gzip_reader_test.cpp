#include "image/idx/gzip_reader.hpp"

#include "idx_files.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <limits>

namespace feedline {
namespace {

using ::testing::AllOf;
using testing::gzip;
using ::testing::HasSubstr;
using testing::noise;
using testing::TempFolder;
using ::testing::ThrowsMessage;

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

class GzipReaderTest : public ::testing::Test {
 protected:
  std::string read(const std::string& name, std::size_t bytes = kAll) const {
    GzipReader reader(folder_ / name);
    std::vector<std::uint8_t> out;
    reader.read(out, bytes);
    return {out.begin(), out.end()};
  }
  void expect_refused(const std::string& name, const std::string& text) const {
    EXPECT_THAT([&] { read(name); },
                ThrowsMessage<DataError>(AllOf(HasSubstr((folder_ / name).string()), HasSubstr(text))));
  }

  TempFolder folder_;
};

TEST_F(GzipReaderTest, TellsGzipByContentAndNotByName) {
  const std::string text = noise(3'000'000);
  folder_.write("plain", text);
  folder_.write("plain.gz", text);
  folder_.write("packed", gzip(text));
  folder_.write("packed.gz", gzip(text));
  for (const char* name : {"plain", "plain.gz", "packed", "packed.gz"})
    EXPECT_TRUE(read(name) == text) << name;
}

TEST_F(GzipReaderTest, ReadsNoFurtherThanAsked) {
  folder_.write("packed", gzip(std::string(10'000'000, 'x')));
  EXPECT_EQ(read("packed", 10), std::string(10, 'x'));
  GzipReader reader(folder_ / "packed");
  std::vector<std::uint8_t> out;
  reader.read(out, 3);
  reader.read(out, 4);
  EXPECT_EQ(out, std::vector<std::uint8_t>(7, 'x'));
}

TEST_F(GzipReaderTest, EmptyFileHasNothing) {
  folder_.write("empty", "");
  EXPECT_EQ(read("empty"), "");
}

TEST_F(GzipReaderTest, PartsPutTogetherAreOneFile) {
  folder_.write("two.gz", gzip("one ") + gzip("two"));
  EXPECT_EQ(read("two.gz"), "one two");
}

TEST_F(GzipReaderTest, TruncatedAnywhereIsRefused) {
  const std::string packed = gzip(noise(100'000));
  for (const std::size_t kept :
       {std::size_t{5}, std::size_t{15}, packed.size() / 2, packed.size() - 8, packed.size() - 1}) {
    folder_.write("cut.gz", packed.substr(0, kept));
    expect_refused("cut.gz", "truncated; fetch it again");
  }
}

TEST_F(GzipReaderTest, DamagedAnywhereIsRefused) {
  const std::string packed = gzip(noise(100'000));
  for (const std::size_t at : {packed.size() / 3, packed.size() / 2, packed.size() - 6}) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    folder_.write("bad.gz", damaged);
    EXPECT_THAT([&] { read("bad.gz"); }, ThrowsMessage<DataError>(HasSubstr("bad.gz"))) << "byte " << at;
  }
  std::string bad_checksum = packed;
  bad_checksum[packed.size() - 6] ^= 1;
  folder_.write("bad.gz", bad_checksum);
  expect_refused("bad.gz", "damaged");
}

TEST_F(GzipReaderTest, MissingFolderAndPipeAreRefused) {
  expect_refused("nowhere", "No such file");
  std::filesystem::create_directory(folder_ / "folder");
  expect_refused("folder", "it is a folder");
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  expect_refused("pipe", "it is not a file");
}

TEST_F(GzipReaderTest, MostBytesBoundsWhatIsThere) {
  const std::string zeros(1'000'000, '\0');
  folder_.write("plain", zeros);
  folder_.write("packed", gzip(zeros));
  const auto most = [&](const std::string& name) {
    GzipReader reader(folder_ / name);
    std::vector<std::uint8_t> out;
    reader.read(out, 1);
    return reader.most_bytes();
  };
  EXPECT_EQ(most("plain"), zeros.size());
  EXPECT_GE(most("packed"), zeros.size());
  EXPECT_LE(most("packed"), 2 * zeros.size()) << "zeros are packed as well as anything can be";
}

}  // namespace
}  // namespace feedline

#include "image/idx/idx_file.hpp"

#include "child_process.hpp"
#include "idx_files.hpp"
#include "sanitizer.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/resources.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>

namespace feedline {
namespace {

using ::testing::AllOf;
using testing::ChildProcess;
using ::testing::ElementsAre;
using testing::gzip;
using ::testing::HasSubstr;
using testing::idx_bytes;
using testing::noise;
using testing::TempFolder;
using ::testing::ThrowsMessage;

class IdxFileTest : public ::testing::Test {
 protected:
  void expect_refused(const std::string& bytes, const std::string& text, unsigned least = 3,
                      unsigned most = 4) {
    const auto file = folder_.write("images", bytes);
    EXPECT_THAT([&] { read_idx(file, least, most); },
                ThrowsMessage<DataError>(AllOf(HasSubstr(file.string()), HasSubstr(text))));
  }

  TempFolder folder_;
};

TEST_F(IdxFileTest, ReadsAnyNumberOfDimensionsAskedFor) {
  const std::string values = noise(24);
  const std::vector<std::uint8_t> expected(values.begin(), values.end());
  for (const std::string& bytes : {idx_bytes({2, 3, 4}, values), gzip(idx_bytes({2, 3, 4}, values))}) {
    const IdxArray array = read_idx(folder_.write("x", bytes), 3, 4);
    EXPECT_THAT(array.shape, ElementsAre(2, 3, 4));
    EXPECT_EQ(array.values, expected);
  }
  EXPECT_THAT(read_idx(folder_.write("x", idx_bytes({2, 3, 2, 2}, values)), 3, 4).shape,
              ElementsAre(2, 3, 2, 2));
  EXPECT_THAT(read_idx(folder_.write("x", idx_bytes({24}, values)), 1, 1).shape, ElementsAre(24));
}

TEST_F(IdxFileTest, WrongMagic) {
  expect_refused("PNG!" + noise(100), "50 4e 47 21");
  expect_refused("", "0 bytes");
  expect_refused(std::string("\0\0\x08", 3), "3 bytes");
}

TEST_F(IdxFileTest, WrongElementType) {
  std::string floats = idx_bytes({1, 1, 1}, "abcd");
  floats[2] = 0x0D;
  expect_refused(floats, "the IDX type 0d, but this version reads unsigned bytes");
}

TEST_F(IdxFileTest, WrongNumberOfDimensions) {
  expect_refused(idx_bytes({3}, "abc"), "1 dimension(s), but 3 or 4 were expected");
  expect_refused(idx_bytes({1, 1, 1, 1, 1}, "a"), "5 dimension(s)");
  expect_refused(idx_bytes({1, 1, 1}, "a"), "3 dimension(s), but 1 were expected", 1, 1);
}

TEST_F(IdxFileTest, HeaderThatEnds) {
  expect_refused(idx_bytes({1, 1, 1}, "").substr(0, 10), "inside its header");
}

TEST_F(IdxFileTest, TooFewValues) {
  expect_refused(idx_bytes({2, 3, 4}, noise(23)), "2 x 3 x 4 (24 bytes), but 23 follow, so it is truncated");
  expect_refused(gzip(idx_bytes({2, 3, 4}, "")), "but 0 follow");
}

TEST_F(IdxFileTest, TooManyValues) {
  expect_refused(idx_bytes({2, 3, 4}, noise(25)), "(24 bytes), but more follow");
  expect_refused(gzip(idx_bytes({2, 3, 4}, noise(5000))), "but more follow");
}

TEST_F(IdxFileTest, SizesOfZero) {
  expect_refused(idx_bytes({0, 28, 28}, ""), "a size of 0");
  expect_refused(idx_bytes({2, 0, 28}, ""), "a size of 0");
}

TEST_F(IdxFileTest, SizesWhoseProductOverflows) {
  constexpr std::uint32_t kMost = 0xFFFFFFFF;
  expect_refused(idx_bytes({kMost, kMost, kMost}, "a"), "more than 1 TiB");
  expect_refused(idx_bytes({1u << 31, 1u << 31, 4}, "a"), "more than 1 TiB");  // 2^64, which is 0 in 64 bits
}

TEST_F(IdxFileTest, ALargeLieCostsNoMemory) {
  expect_refused(idx_bytes({1u << 20, 1000, 1000}, noise(100)), "but 100 follow");
  expect_refused(gzip(idx_bytes({1u << 20, 1000, 1000}, noise(100))), "but 100 follow");
}

TEST_F(IdxFileTest, WhatDoesNotFitIsRefusedBeforeItIsRead) {
  constexpr std::uint64_t kBytes = std::uint64_t{900} << 30;
  if (available_memory() > kBytes / 2) GTEST_SKIP() << "this machine could hold it";
  const auto file = folder_.write("images", idx_bytes({900, 1u << 15, 1u << 15}, ""));
  if (truncate(file.c_str(), kBytes) != 0) GTEST_SKIP() << "no sparse files of this size here";
  EXPECT_THAT([&] { read_idx(file, 3, 4); },
              ThrowsMessage<DataError>(HasSubstr("needs 900.0 GiB of memory")));
}

TEST_F(IdxFileTest, ABombIsNotUnpackedBeyondItsHeader) {
  FEEDLINE_NEEDS_FORK();
  constexpr std::uint64_t kMiB = 1 << 20;
  const auto file = folder_.write("images", gzip(idx_bytes({10, 1, 1}, std::string(200 * kMiB, '\0'))));
  ChildProcess child([&] {
    const std::uint64_t before = current_rss();
    try {
      read_idx(file, 3, 4);
      return 1;
    } catch (const DataError&) {
      return peak_rss() < before + 32 * kMiB ? 0 : 2;
    }
  });
  EXPECT_EQ(child.wait(), 0);
}

}  // namespace
}  // namespace feedline

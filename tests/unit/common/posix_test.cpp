#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace feedline {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

bool is_open(int fd) {
  return fcntl(fd, F_GETFD) != -1;
}

TEST(UniqueFd, ClosesItsDescriptor) {
  int number = -1;
  {
    const UniqueFd fd(open("/dev/null", O_RDONLY | O_CLOEXEC));
    number = fd.get();
    ASSERT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(Mapping, AnonymousIsZeroAlignedAndWritable) {
  constexpr std::size_t kBytes = 10'000;
  const Mapping memory = Mapping::anonymous(kBytes);
  ASSERT_EQ(memory.bytes().size(), kBytes);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory.bytes().data()) % 4096, 0u);
  EXPECT_TRUE(std::ranges::all_of(memory.bytes(), [](std::byte b) { return b == std::byte{0}; }));
  std::ranges::fill(memory.bytes(), std::byte{1});
  EXPECT_EQ(memory.bytes().back(), std::byte{1});
}

TEST(Mapping, TooMuchIsAUsageErrorThatNamesTheFlags) {
  EXPECT_THAT([] { Mapping::anonymous(std::size_t{1} << 60); },
              ThrowsMessage<UsageError>(HasSubstr("--buffer-size")));
}

TEST(Mapping, SharedShowsTheSameBytesTwice) {
  const UniqueFd fd(memfd_create("test", MFD_CLOEXEC));
  ASSERT_EQ(ftruncate(fd.get(), 4096), 0);
  const Mapping one = Mapping::shared(fd.get(), 4096);
  const Mapping other = Mapping::shared(fd.get(), 4096);
  one.bytes()[17] = std::byte{42};
  EXPECT_EQ(other.bytes()[17], std::byte{42});
}

TEST(Mapping, SharedWithoutADescriptorFails) {
  EXPECT_THROW(Mapping::shared(-1, 4096), InternalError);
}

TEST(Mapping, MovesWithoutUnmapping) {
  Mapping first = Mapping::anonymous(4096);
  first.bytes()[0] = std::byte{7};
  const Mapping second = std::move(first);
  EXPECT_TRUE(first.bytes().empty());
  EXPECT_EQ(second.bytes()[0], std::byte{7});
}

}  // namespace
}  // namespace feedline

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace feedline {
namespace {

using ::testing::StrEq;
using ::testing::ThrowsMessage;

TEST(Errors, EachKindHasItsExitCode) {
  EXPECT_EQ(InternalError("x").code(), ExitCode::kInternal);
  EXPECT_EQ(UsageError("x").code(), ExitCode::kUsage);
  EXPECT_EQ(DeviceError("x").code(), ExitCode::kNoDevice);
  EXPECT_EQ(DataError("x").code(), ExitCode::kBadData);
  EXPECT_EQ(PeerError("x").code(), ExitCode::kPeerLost);
  EXPECT_EQ(RemoteError(ExitCode::kBadData, "x").code(), ExitCode::kBadData);
}

TEST(Errors, TheContractsNumbers) {
  EXPECT_EQ(static_cast<int>(ExitCode::kDone), 0);
  EXPECT_EQ(static_cast<int>(ExitCode::kInternal), 1);
  EXPECT_EQ(static_cast<int>(ExitCode::kUsage), 2);
  EXPECT_EQ(static_cast<int>(ExitCode::kNoDevice), 3);
  EXPECT_EQ(static_cast<int>(ExitCode::kBadData), 4);
  EXPECT_EQ(static_cast<int>(ExitCode::kPeerLost), 5);
  EXPECT_EQ(static_cast<int>(ExitCode::kStopped), 75);
}

TEST(Errors, SystemCallsAreToldWithTheirReason) {
  EXPECT_THAT([] { throw_errno("Cannot open x", ENOENT); },
              ThrowsMessage<InternalError>(StrEq("Cannot open x: No such file or directory")));
  EXPECT_THAT(
      [] {
        errno = EACCES;
        throw_errno("Cannot open y");
      },
      ThrowsMessage<InternalError>(StrEq("Cannot open y: Permission denied")));
}

TEST(Errors, EnsureThrowsOnlyWhenBroken) {
  EXPECT_NO_THROW(ensure(true, "never"));
  EXPECT_THAT([] { ensure(false, "one is two"); }, ThrowsMessage<InternalError>(StrEq("one is two")));
}

}  // namespace
}  // namespace feedline

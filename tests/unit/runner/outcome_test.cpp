#include "outcome.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>

namespace feedline {
namespace {

template <class Thrown>
ExitCode code_of(const Thrown& thrown) {
  Outcome outcome;
  capture(outcome, [&] { throw thrown; });
  return outcome.code;
}

TEST(Outcome, ExceptionsBecomeTheContractsExitCodes) {
  EXPECT_EQ(code_of(UsageError("x")), ExitCode::kUsage);
  EXPECT_EQ(code_of(DeviceError("x")), ExitCode::kNoDevice);
  EXPECT_EQ(code_of(DataError("x")), ExitCode::kBadData);
  EXPECT_EQ(code_of(PeerError("x")), ExitCode::kPeerLost);
  EXPECT_EQ(code_of(RemoteError(ExitCode::kBadData, "x")), ExitCode::kBadData);
  EXPECT_EQ(code_of(std::bad_alloc()), ExitCode::kUsage);
  EXPECT_EQ(code_of(std::system_error(EAGAIN, std::generic_category())), ExitCode::kUsage);
  EXPECT_EQ(code_of(InternalError("Model: DefaultCPUAllocator: can't allocate memory: you tried")),
            ExitCode::kUsage);
  EXPECT_EQ(code_of(std::runtime_error("x")), ExitCode::kInternal);
}

TEST(Outcome, TheFirstFailureCounts) {
  Outcome outcome;
  note_failure(outcome, ExitCode::kBadData, "first", true);
  note_failure(outcome, ExitCode::kInternal, "second", true);
  EXPECT_EQ(outcome.code, ExitCode::kBadData);
  EXPECT_EQ(outcome.message, "first");
}

TEST(Outcome, TheCauseReplacesWhatWasOnlyHeardOfIt) {
  Outcome outcome;
  note_failure(outcome, ExitCode::kBadData, "heard", false);
  note_failure(outcome, ExitCode::kBadData, "cause", true);
  EXPECT_EQ(outcome.message, "cause");
}

}  // namespace
}  // namespace feedline

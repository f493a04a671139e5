#include <feedline/common/errors.hpp>
#include <feedline/transport/transport_kind.hpp>

#include <gtest/gtest.h>

namespace feedline {
namespace {

TEST(TransportKind, HasTheNameThatFlagsAndSummariesUse) {
  for (const char* name : {"local", "shm", "mpi", "nccl"}) {
    const auto kind = transport_named(name);
    ASSERT_TRUE(kind) << name;
    EXPECT_EQ(name_of(*kind), name);
  }
  EXPECT_FALSE(transport_named("auto"));
  EXPECT_THROW(transport_named("pigeon"), InternalError);
}

TEST(TransportKind, HasTheTraitsThatOthersDependOn) {
  EXPECT_TRUE(traits_of(TransportKind::kShm).beats);
  EXPECT_FALSE(traits_of(TransportKind::kMpi).beats);
  EXPECT_FALSE(traits_of(TransportKind::kLocal).needs_mpi);
  EXPECT_FALSE(traits_of(TransportKind::kShm).needs_mpi);
  EXPECT_TRUE(traits_of(TransportKind::kMpi).needs_mpi);
  EXPECT_TRUE(traits_of(TransportKind::kNccl).needs_mpi);
  EXPECT_TRUE(traits_of(TransportKind::kNccl).arrives_on_device);
  EXPECT_FALSE(traits_of(TransportKind::kMpi).arrives_on_device);
}

}  // namespace
}  // namespace feedline

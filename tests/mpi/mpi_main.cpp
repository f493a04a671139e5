// Runs the tests on every rank. Rank 0 prints how they go, the others only what failed; a failure on any rank
// is one of the program.
#include "mpi_world.hpp"

#include <feedline/comm/communicator.hpp>
#include <feedline/comm/mpi_environment.hpp>
#include <feedline/comm/world.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace feedline::testing {
namespace {

World* the_world = nullptr;

class OnlyFailures final : public ::testing::EmptyTestEventListener {
 public:
  explicit OnlyFailures(int rank) : rank_(rank) {}

 private:
  void OnTestPartResult(const ::testing::TestPartResult& result) override {
    if (!result.failed()) return;
    const char* file = result.file_name() != nullptr ? result.file_name() : "?";
    std::fprintf(stderr, "rank %d: %s:%d: Failure\n%s\n", rank_, file, result.line_number(),
                 result.message());
  }

  int rank_;
};

int run_all(int rank) {
  if (rank != 0) {
    auto& listeners = ::testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new OnlyFailures(rank));
  }
  const std::string mine = std::to_string(RUN_ALL_TESTS());
  int worst = 0;
  Communicator communicator;
  for (const std::string& theirs : communicator.allgather(mine, 60, "all ranks to end their tests")) {
    worst = std::max(worst, std::stoi(theirs));
  }
  return worst;
}

int run_alone() {
  MpiEnvironment environment;
  const int result = run_all(0);
  environment.finalize();
  return result;
}

int run_together(const Launch& launch) {
  World world(launch, {}, false);
  the_world = &world;
  const int result = run_all(world.rank());
  world.finish();
  return result;
}

}  // namespace

World& mpi_world() {
  return *the_world;
}

}  // namespace feedline::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  const feedline::Launch launch = feedline::detect_launch();
  return launch.size == 1 ? feedline::testing::run_alone() : feedline::testing::run_together(launch);
}

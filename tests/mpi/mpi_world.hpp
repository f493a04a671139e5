#pragma once

#include <feedline/comm/world.hpp>

namespace feedline::testing {

/// The ranks of this test program; only with two or more.
World& mpi_world();

}  // namespace feedline::testing

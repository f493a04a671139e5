#include "roles.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace feedline {

Roles Roles::of(int ranks, std::optional<int> data_ranks) {
  const int prepare = data_ranks.value_or(1);
  if (ranks == 1 && prepare == 1) return {};
  if (ranks != prepare + 1) {
    throw UsageError(fmt::format(
        "feedline was started with {}: one rank trains, so that {} prepare data, and --data-ranks is {}. Use "
        "--data-ranks {}, or start {} ranks (mpirun --bind-to none -np {} feedline ...).",
        ranks == 1 ? "one rank" : fmt::format("{} ranks", ranks), ranks - 1, prepare, std::max(ranks - 1, 1),
        prepare + 1, prepare + 1));
  }
  return {prepare, false};
}

}  // namespace feedline

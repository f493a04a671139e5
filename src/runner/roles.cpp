#include "roles.hpp"

#include <feedline/common/errors.hpp>

#include <fmt/format.h>

namespace feedline {

Roles Roles::of(int ranks) {
  if (ranks == 1) return {};
  if (ranks > 2) {
    throw UsageError(fmt::format(
        "feedline was started with {} ranks; it runs with one (buffered mode) or two (rank 0 prepares "
        "data, rank 1 trains): mpirun --bind-to none -np 2 feedline ...",
        ranks));
  }
  return {1, ranks - 1, false};
}

std::vector<std::pair<int, int>> Roles::pairs() const {
  std::vector<std::pair<int, int>> pairs;
  for (int data = 0; data < data_ranks; ++data) {
    for (int model = 0; model < model_ranks; ++model) pairs.emplace_back(data, first_model_rank() + model);
  }
  return pairs;
}

}  // namespace feedline

#pragma once

#include <optional>

namespace feedline {

/// The roles of the ranks: ranks 0..D-1 prepare data, and the rank after them trains. A single rank does
/// both.
struct Roles {
  int data_ranks = 1;
  bool single = true;

  /// Returns the roles of `ranks` ranks. `data_ranks` is the requested number of data ranks; std::nullopt
  /// means 1. Throws a UsageError unless exactly one rank is left to train.
  static Roles of(int ranks, std::optional<int> data_ranks = {});

  bool prepares_data(int rank) const noexcept { return rank < data_ranks; }
  bool trains(int rank) const noexcept { return single || rank >= data_ranks; }
  int model_rank() const noexcept { return single ? 0 : data_ranks; }
};

}  // namespace feedline

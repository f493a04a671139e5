#pragma once

#include <optional>

namespace feedline {

/// Which ranks prepare data, 0..D-1, and which trains, the one behind them; a single rank does both.
struct Roles {
  int data_ranks = 1;
  bool single = true;

  /// `data_ranks`: as asked for; none: 1. Throws UsageError unless that leaves exactly one rank to train.
  static Roles of(int ranks, std::optional<int> data_ranks = {});

  bool prepares_data(int rank) const noexcept { return rank < data_ranks; }
  bool trains(int rank) const noexcept { return single || rank >= data_ranks; }
  int model_rank() const noexcept { return single ? 0 : data_ranks; }
};

}  // namespace feedline

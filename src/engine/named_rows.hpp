#pragma once

#include "tensor_file.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// The meaning of the rows of a model's embedding or head: one symbol or class each.
struct NamedRows {
  std::string part;                  ///< File of a checkpoint that lists the names, one per line
  std::string what;                  ///< "symbols"
  std::string names;                 ///< Text of that file; empty: the rows have no names
  std::vector<std::string> tensors;  ///< Tensors with one row per name; empty: unknown, as in a user's model
};

/// Pairs of rows: of a checkpoint's tensors and of a model's.
struct RowMoves {
  std::vector<std::int64_t> from, to;  ///< Rows, pair by pair
  std::int64_t rows_before = 0;
};

/// Compares the names with those in the checkpoint in `folder`. Returns no moves when they are equal, or when
/// the checkpoint is older and has none. Else throws UsageError that reports the difference; with `lenient`
/// reports it and matches the rows by name, and throws only where the tensors are unknown.
std::vector<RowMoves> match_rows(const NamedRows& rows, const std::filesystem::path& folder, bool lenient);

/// Moves the rows of the file's tensors to their present places; rows without a counterpart are taken from
/// `live`. Tensors that `moved` does not name are unchanged.
void move_rows(NamedTensors& file, const NamedTensors& live, const std::vector<std::string>& moved,
               const RowMoves& moves);

/// The names of `rows.tensors` and of an optimizer's tensors for them ("mean.3" for parameter 3).
std::vector<std::string> with_optimizer_names(const NamedRows& rows, const NamedTensors& model,
                                              const std::vector<torch::Tensor>& parameters);

}  // namespace feedline

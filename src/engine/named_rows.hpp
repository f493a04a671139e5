#pragma once

#include "tensor_file.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace feedline {

/// What the rows of a model's embedding or head stand for: a symbol or a class each.
struct NamedRows {
  std::string part;                  ///< the file of a checkpoint that lists the names, one a line
  std::string what;                  ///< "symbols"
  std::string names;                 ///< that file's text; empty: they have no names
  std::vector<std::string> tensors;  ///< with a row a name; empty: not known, as in a model of the user's
};

/// Which rows of a checkpoint's tensors are which of a model's.
struct RowMoves {
  std::vector<std::int64_t> from, to;  ///< side by side
  std::int64_t rows_before = 0;
};

/// Compares the names with those that the checkpoint in `folder` holds. Nothing to move when they are the
/// same, or when the checkpoint has none, being older. Else throws UsageError that tells the difference; with
/// `lenient` tells it and matches the rows by name, and throws only where they are not known.
std::vector<RowMoves> match_rows(const NamedRows& rows, const std::filesystem::path& folder, bool lenient);

/// Puts the rows of the file's tensors where they belong now; those without a counterpart are as in `live`.
/// Tensors that `moved` does not name stay.
void move_rows(NamedTensors& file, const NamedTensors& live, const std::vector<std::string>& moved,
               const RowMoves& moves);

/// The names of `rows.tensors` and of what an optimizer keeps beside them ("mean.3" beside parameter 3).
std::vector<std::string> with_optimizer_names(const NamedRows& rows, const NamedTensors& model,
                                              const std::vector<torch::Tensor>& parameters);

}  // namespace feedline

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace feedline {

/// The figures of one epoch.
struct EpochFigures {
  std::uint32_t epoch = 0;            ///< Number of the epoch, from 1
  std::uint64_t steps = 0;            ///< Optimizer steps in this epoch
  std::uint64_t samples = 0;          ///< Samples used in those steps
  std::optional<double> train_loss;   ///< Mean of the losses of those steps
  double learning_rate = 0;           ///< Learning rate of the last step
  std::optional<double> val_loss;     ///< Validation loss; empty without validation
  std::map<std::string, double> val;  ///< Metrics of the validation, by name
  double seconds = 0;                 ///< Seconds of training, without validation and checkpoints
  double data_wait_s = 0;             ///< Part of those seconds spent waiting for data
};

/// Throws a UsageError that names `--history` and the path if no `History` can be kept at `path`.
void check_history_path(const std::filesystem::path& path);

/// A table of a run's epochs as CSV. A whole row is added at each epoch's end.
class History {
 public:
  static constexpr const char* kName = "history.csv";

  /// Continues the table in `path` after `epochs_done` epochs. Rows of later epochs are cut off, since those
  /// epochs are trained again. With 0, or without a table, a new one begins. Throws
  /// std::filesystem::filesystem_error with the path.
  History(std::filesystem::path path, std::uint32_t epochs_done);

  /// Adds a row. Throws as the constructor does, and the existing rows stay.
  void add(const EpochFigures& epoch);

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace feedline

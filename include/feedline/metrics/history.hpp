#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace feedline {

/// What one epoch did.
struct EpochFigures {
  std::uint32_t epoch = 0;            ///< from 1
  std::uint64_t steps = 0;            ///< of the optimizer, in this epoch
  std::uint64_t samples = 0;          ///< that went into them
  std::optional<double> train_loss;   ///< the mean of those steps' losses
  double learning_rate = 0;           ///< of the last of them
  std::optional<double> val_loss;     ///< none without validation
  std::map<std::string, double> val;  ///< the validation's metrics by name
  double seconds = 0;                 ///< of training: without validation and checkpoints
  double data_wait_s = 0;             ///< of those
};

/// Whether a `History` can be kept there. Throws UsageError naming `--history` and the path.
void check_history_path(const std::filesystem::path& path);

/// A table of a run's epochs, as CSV: a row is added whole at each epoch's end.
class History {
 public:
  static constexpr const char* kName = "history.csv";

  /// Goes on with the table in `path` after `epochs_done` epochs: rows of later ones are cut off, those
  /// epochs are trained again. With 0, and where there is no table, a new one is begun. Throws
  /// std::filesystem::filesystem_error with the path.
  History(std::filesystem::path path, std::uint32_t epochs_done);

  /// Adds a row. Throws as the constructor does; what was there stays.
  void add(const EpochFigures& epoch);

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  bool empty_ = true;  ///< not even names of columns
};

}  // namespace feedline

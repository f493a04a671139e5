#pragma once

#include <feedline/common/clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string>

namespace feedline {

/// The figures on the progress line.
struct ProgressState {
  std::uint32_t epoch = 0;  ///< Epoch, from 0
  std::uint32_t epochs = 0;
  std::uint64_t step = 0;   ///< Optimizer steps done in this epoch
  std::uint64_t steps = 0;  ///< Optimizer steps of this epoch
  double samples_per_s = 0;
  std::optional<float> loss;
  double data_wait_share = 0;                     ///< Share of the time spent waiting for data, 0..1
  std::size_t buffer_ready = 0, buffer_size = 0;  ///< Batches
  double seconds_left = 0;                        ///< Seconds until the whole run ends
};

/// Returns whether this process's stdout is shown on a terminal. Under mpirun the launcher gives every rank a
/// terminal of its own, so the launcher's stdout decides.
bool output_is_terminal();

/// Shows the progress of training. On a terminal there is one line per epoch that is updated a few times a
/// second; otherwise a plain line appears every 10 s and at each epoch's end. For one thread.
class Progress {
 public:
  /// Writes to `out`, which is a terminal if `terminal` is true.
  Progress(std::FILE* out, bool terminal, Clock::duration plain_interval = std::chrono::seconds(10));

  /// Ends a line that is still being updated, so that later output starts on a new line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Shows `state` when the next output is due. It is cheap otherwise, so call it every step.
  void update(const ProgressState& state);

  /// Ends the epoch's line with the validation's figures, by name.
  void end_epoch(const ProgressState& state, const std::map<std::string, double>& validation);

 private:
  std::FILE* out_;
  bool terminal_;
  bool line_open_ = false;
  Clock::duration interval_;
  std::optional<Clock::time_point> next_;  ///< Time of the next output; empty until the epoch's first update
};

}  // namespace feedline

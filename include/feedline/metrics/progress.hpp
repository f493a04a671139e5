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

/// What the progress line shows.
struct ProgressState {
  std::uint32_t epoch = 0;  ///< from 0
  std::uint32_t epochs = 0;
  std::uint64_t step = 0;   ///< optimizer steps done in this epoch
  std::uint64_t steps = 0;  ///< of this epoch
  double samples_per_s = 0;
  std::optional<float> loss;
  double data_wait_share = 0;                     ///< 0..1
  std::size_t buffer_ready = 0, buffer_size = 0;  ///< batches
  double seconds_left = 0;                        ///< of the whole run
};

/// Whether a person sees what this process writes to stdout. Under mpirun every rank has a terminal of its
/// own made by the launcher, so there the launcher's stdout is what counts.
bool output_is_terminal();

/// Shows how training goes: on a terminal one line an epoch that moves (a few times a second), else a plain
/// line every 10 s and one at each epoch's end. Writes to `out`; one thread.
class Progress {
 public:
  Progress(std::FILE* out, bool terminal, Clock::duration plain_interval = std::chrono::seconds(10));

  /// Ends a line that is still moving, so that what is said next has a line of its own.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap when it is not yet time to show anything: call it every step.
  void update(const ProgressState& state);

  /// Ends the epoch's line, with the validation's figures by name.
  void end_epoch(const ProgressState& state, const std::map<std::string, double>& validation);

 private:
  std::FILE* out_;
  bool terminal_;
  bool line_open_ = false;
  Clock::duration interval_;
  std::optional<Clock::time_point> next_;  ///< none until the epoch's first update
};

}  // namespace feedline

#include "progress_text.hpp"

#include "figures.hpp"

#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace feedline {
namespace {

std::string epoch_text(const ProgressState& state) {
  return fmt::format("epoch {}/{}", state.epoch + 1, state.epochs);
}

/// Returns a time such as "1:05" or "2:14:00".
std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(std::max(seconds, 0.0)));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string join_that_fit(const std::vector<std::string>& pieces) {
  std::string line;
  for (const std::string& piece : pieces) {
    if (!piece.empty()) line += (line.empty() ? "" : "  ") + piece;
  }
  return line;
}

}  // namespace

std::string moving_line(const ProgressState& state, std::size_t columns) {
  enum Piece { kPlace, kRate, kLoss, kWait, kBuffer, kLeft };
  std::vector<std::string> pieces = {
      fmt::format("{} {}/{}", epoch_text(state), state.step, state.steps),
      rate(state.samples_per_s) + "/s",
      state.loss ? fmt::format("loss {:.3f}", *state.loss) : "",
      fmt::format("data wait {:.0f}%", 100 * state.data_wait_share),
      fmt::format("buffer {}/{}", state.buffer_ready, state.buffer_size),
      clock_text(state.seconds_left) + " left",
  };
  std::string line = join_that_fit(pieces);
  for (const Piece dropped : {kBuffer, kLoss, kWait, kRate}) {
    if (line.size() <= columns) break;
    pieces[dropped].clear();
    line = join_that_fit(pieces);
  }
  return line.substr(0, columns);
}

std::string plain_line(const ProgressState& state) {
  std::string line = fmt::format("{}  step {}/{}  {} samples/s", epoch_text(state), state.step, state.steps,
                                 rate(state.samples_per_s));
  if (state.loss) line += fmt::format("  loss {:.4f}", *state.loss);
  return line + fmt::format("  data wait {}  buffer {}/{}  {} left", percent(state.data_wait_share),
                            state.buffer_ready, state.buffer_size, format_duration(state.seconds_left));
}

std::string epoch_line(const ProgressState& state, const std::map<std::string, double>& validation) {
  std::string line = fmt::format("{}  {} samples/s", epoch_text(state), rate(state.samples_per_s));
  if (state.loss) line += fmt::format("  loss {:.4f}", *state.loss);
  line += fmt::format("  data wait {}", percent(state.data_wait_share));
  for (const auto& [name, value] : validation) line += fmt::format("  val {} {:.4f}", name, value);
  return line;
}

}  // namespace feedline

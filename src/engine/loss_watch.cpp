#include <feedline/common/log.hpp>
#include <feedline/engine/loss_watch.hpp>

#include <fmt/format.h>

#include <cmath>

namespace feedline {
namespace {

constexpr std::uint64_t kMostTold = 10;

/// Returns the loss as text, without the sign of a NaN, which means nothing.
std::string word_of(float loss) {
  return std::isnan(loss) ? "nan" : fmt::format("{}", loss);
}

}  // namespace

void LossWatch::note(float loss, std::uint64_t step, double learning_rate) {
  if (std::isfinite(loss)) {
    in_a_row_ = 0;
    return;
  }
  loss_ = loss;
  if (in_a_row_++ > 0) return;
  first_step_ = step;
  learning_rate_ = learning_rate;
  if (told_++ >= kMostTold) return;
  log_warning(fmt::format("Step {}: the loss is not finite ({}; learning rate {:.3g}).{}", step,
                          word_of(loss), learning_rate,
                          scaled_ ? " fp16's scaler leaves such a step out."
                                  : fmt::format(" {} such steps in a row end the run.", kPatience)));
}

std::optional<std::string> LossWatch::diverged() const {
  if (in_a_row_ < (scaled_ ? kPatienceOfScaler : kPatience)) return std::nullopt;
  return text();
}

std::optional<std::string> LossWatch::diverged_at_end() const {
  if (scaled_ || in_a_row_ == 0) return diverged();
  return text();
}

std::string LossWatch::text() const {
  return fmt::format(
      "Training has diverged: from step {} on the loss is not finite ({}, {} in a row; "
      "learning rate {:.3g} there).",
      first_step_, word_of(loss_), in_a_row_ == 1 ? "1 step" : fmt::format("{} steps", in_a_row_),
      learning_rate_);
}

}  // namespace feedline

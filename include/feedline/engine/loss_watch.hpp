#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// Checks the loss of every step and reports when it is not finite. One such step may be an accident; with
/// fp32 the weights are then usually not finite either, nor are any later losses. One thread.
class LossWatch {
 public:
  static constexpr std::uint64_t kPatience = 5;

  /// With fp16 the scaler leaves out steps whose gradients are not finite, and halves its scale: from 65536
  /// it takes 17 such steps until the scale is below 1 and cannot be the reason.
  static constexpr std::uint64_t kPatienceOfScaler = 32;

  /// `scaled` is true when there is a scaler.
  explicit LossWatch(bool scaled) noexcept : scaled_(scaled) {}

  /// Records the loss of a step, numbered from 1, and the learning rate of that step. Warns at the first of
  /// several.
  void note(float loss, std::uint64_t step, double learning_rate);

  /// The reason why the run must end: too many such steps in a row.
  std::optional<std::string> diverged() const;

  /// The reason why the run has failed, if this was its last step.
  std::optional<std::string> diverged_at_end() const;

 private:
  std::string text() const;

  bool scaled_;
  std::uint64_t in_a_row_ = 0, first_step_ = 0, told_ = 0;
  double learning_rate_ = 0;  ///< Learning rate of the first
  float loss_ = 0;            ///< Loss of the last
};

}  // namespace feedline

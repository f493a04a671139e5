#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace feedline {

/// Looks at the loss of every step, and says when it is not finite. One such step may be an accident; with
/// fp32 the weights are then not finite either, as a rule, and all later losses are not. One thread.
class LossWatch {
 public:
  static constexpr std::uint64_t kPatience = 5;

  /// With fp16 the scaler leaves out steps whose gradients are not finite, and halves its scale: from 65536
  /// it takes 17 of them until it is below 1 and cannot be the reason.
  static constexpr std::uint64_t kPatienceOfScaler = 32;

  /// `scaled`: whether there is a scaler.
  explicit LossWatch(bool scaled) noexcept : scaled_(scaled) {}

  /// The loss of a step, from 1, and the learning rate that it was made with. Warns of the first of several.
  void note(float loss, std::uint64_t step, double learning_rate);

  /// Why the run is to end: too many in a row.
  std::optional<std::string> diverged() const;

  /// Why the run has failed, if this was its last step.
  std::optional<std::string> diverged_at_end() const;

 private:
  std::string text() const;

  bool scaled_;
  std::uint64_t in_a_row_ = 0, first_step_ = 0, told_ = 0;
  double learning_rate_ = 0;  ///< of the first
  float loss_ = 0;            ///< of the last
};

}  // namespace feedline

#pragma once

#include <feedline/common/clock.hpp>
#include <feedline/engine/learner.hpp>

namespace feedline {

/// A consumer without a model: holds every batch for a set time and leaves the CPU free meanwhile, as
/// training on a GPU would. It has no loss and no parameters.
class TimedLearner : public Learner {
 public:
  /// `step_ms` per batch, training and validation alike; 0 returns at once.
  explicit TimedLearner(double step_ms);

  std::optional<BatchResult> accumulate(const Slot& batch, std::uint64_t step_samples) override;
  void step(double) override {}
  void evaluate(const Slot& batch) override;
  ValResult finish_evaluation() override { return {}; }
  std::string model_name() const override { return "synthetic"; }
  std::int64_t parameters() const override { return 0; }

 private:
  void hold() const;

  Clock::duration hold_;
};

}  // namespace feedline

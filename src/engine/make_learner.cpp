#include "timed_learner.hpp"
#include "torch_engine.hpp"

#include <feedline/engine/learner.hpp>

namespace feedline {

std::unique_ptr<Learner> make_learner(const TrainSettings& options, const DataInfo& info) {
  if (options.synthetic_step_ms) return std::make_unique<TimedLearner>(*options.synthetic_step_ms);
  return make_torch_learner(options, info);
}

}  // namespace feedline

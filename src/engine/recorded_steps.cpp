#include "recorded_steps.hpp"

#include <utility>

namespace feedline {

RecordedSteps::RecordedSteps(std::unique_ptr<WorkRecorder> recorder, RecordableTask& task,
                             torch::Device device, Learn learn)
    : task_(task), learn_(std::move(learn)), factor_(torch::ones({}, device)), graphs_(std::move(recorder)) {}

torch::Tensor RecordedSteps::learn(const Slot& batch, double factor) {
  const std::uint32_t shape = batch.header().bucket;
  Places& places = places_[shape];
  task_.load(batch, places.inputs);
  factor_.fill_(factor);
  graphs_.run(shape, [this, &places] { places.loss = learn_(places.inputs, factor_); });
  return places.loss;
}

}  // namespace feedline

#include "torch_learner.hpp"

#include "models.hpp"
#include "torch_engine.hpp"
#include "torch_setup.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>

#include <fmt/format.h>

#include <exception>
#include <memory>
#include <utility>

namespace feedline {
namespace {

/// The device, after what must come before the first tensor.
torch::Device start_torch(const TrainOptions& options) {
  set_up_torch(options);
  const torch::Device device = torch_device(options.device);
  if (options.stream != nullptr) use_cuda_stream(options.stream, device);
  return device;
}

std::unique_ptr<TorchTask> make_task(const TrainOptions& options, const DataInfo& info,
                                     torch::Device device) {
  return info.task == "speech" ? make_speech_task(options, info, device)
                               : make_classify_task(options, info, device);
}

/// Runs a part of training; what torch throws becomes one sentence.
template <typename F>
auto in_torch(const char* what, const F& part) {
  try {
    return part();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& reason) {
    throw InternalError(fmt::format("The model failed in {}: {}", what, torch_message(reason)));
  }
}

}  // namespace

TorchLearner::TorchLearner(const TrainOptions& options, const DataInfo& info)
    : name_(options.model_file ? options.model_file->filename().string() : size_name(options.model_size)),
      device_(start_torch(options)),
      precision_(options.precision, device_),
      task_(make_task(options, info, device_)),
      optimizer_(make_optimizer(options, task_->network().parameters())) {
  if (precision_.scales_loss()) scaler_.emplace(device_);
  set_training(true);
}

std::optional<float> TorchLearner::accumulate(const Slot& batch, std::uint64_t step_samples) {
  set_training(true);
  return in_torch("training", [&] {
    const torch::Tensor loss = mean_part(batch, step_samples);
    (scaler_ ? scaler_->scaled(loss) : loss).backward();
    return loss.item<float>();
  });
}

torch::Tensor TorchLearner::mean_part(const Slot& batch, std::uint64_t step_samples) {
  const Autocast autocast(device_.type(), precision_.number());
  return task_->loss_sum(batch) * (1.0 / static_cast<double>(step_samples));
}

void TorchLearner::step(double learning_rate) {
  in_torch("the optimizer's step", [&] {
    if (scaler_) {
      scaler_->step(*optimizer_, task_->network().parameters(), learning_rate);
    } else {
      optimizer_->step(learning_rate);
    }
  });
  step_start_.reset();
}

void TorchLearner::begin_step() {
  StepStart start{{}, generator_states(device_)};
  for (const torch::Tensor& buffer : task_->network().buffers())
    start.buffers.push_back(buffer.detach().clone());
  step_start_ = std::move(start);
}

NamedTensors TorchLearner::model_state() const {
  NamedTensors state = task_->network().state();
  if (!step_start_) return state;
  const std::vector<torch::Tensor> buffers = task_->network().buffers();
  for (auto& [name, tensor] : state) {
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      if (tensor.is_same(buffers[i])) tensor = step_start_->buffers[i];
    }
  }
  return state;
}

NamedTensors TorchLearner::optimizer_state() const {
  NamedTensors state = optimizer_->state();
  if (scaler_) {
    for (auto& item : scaler_->state()) state.push_back(item);
  }
  for (auto& item : step_start_ ? step_start_->generators : generator_states(device_)) state.push_back(item);
  return state;
}

std::vector<CheckpointPart> TorchLearner::snapshot() {
  const auto model = model_copies_.copy(model_state());
  const auto optimizer = optimizer_copies_.copy(optimizer_state());
  const bool training = training_;
  set_training(false);
  std::vector<CheckpointPart> parts = in_torch("a checkpoint", [&] {
    const Autocast autocast(device_.type(), precision_.number());
    return task_->parts();
  });
  set_training(training);
  parts.push_back({kModelFile, [model](const ByteSink& sink) { save_tensors(*model, sink); }});
  parts.push_back({kOptimizerFile, [optimizer](const ByteSink& sink) { save_tensors(*optimizer, sink); }});
  return parts;
}

void TorchLearner::restore(const std::filesystem::path& folder, bool lenient) {
  overwrite(task_->network().state(), load_tensors(folder / kModelFile), folder / kModelFile);
  const NamedTensors optimizer = load_tensors(folder / kOptimizerFile);
  try {
    overwrite(optimizer_state(), optimizer, folder / kOptimizerFile);
  } catch (const UsageError& error) {
    if (!lenient) throw;
    log_warning(std::string(error.what()) + " The optimizer starts anew.");
  }
  set_generator_states(optimizer, device_);
}

void TorchLearner::evaluate(const Slot& batch) {
  set_training(false);
  in_torch("validation", [&] {
    const torch::InferenceMode no_autograd;
    const Autocast autocast(device_.type(), precision_.number());
    task_->evaluate(batch);
  });
}

std::vector<std::byte> TorchLearner::draw(const Slot& batch, std::uint32_t row) {
  set_training(false);
  return in_torch("a picture", [&] {
    const Autocast autocast(device_.type(), precision_.number());
    return task_->draw(batch, row);
  });
}

void TorchLearner::set_training(bool training) {
  if (training_ == training) return;
  task_->network().set_training(training);
  training_ = training;
}

std::unique_ptr<Learner> make_torch_learner(const TrainOptions& options, const DataInfo& info) {
  return std::make_unique<TorchLearner>(options, info);
}

}  // namespace feedline

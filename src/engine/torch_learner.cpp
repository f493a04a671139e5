#include "torch_learner.hpp"

#include "models.hpp"
#include "script_network.hpp"
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
torch::Device start_torch(const TrainOptions& options, const DataInfo& info) {
  ensure(info.task == "image", "Only the image task can be trained.");
  if (options.precision != "fp32") {
    throw UsageError(
        fmt::format("--precision {} is not there yet: train with --precision fp32.", options.precision));
  }
  set_up_torch(options);
  return torch_device(options.device);
}

std::unique_ptr<Network> make_network(const TrainOptions& options, const DataInfo& info,
                                      const PictureShape& shape) {
  const torch::Device device(options.device);
  if (options.model_file) return load_script(*options.model_file, shape, info.classes, device);
  auto network = make_built_in(options.model_size, shape, info.classes);
  network->to(device);
  return network;
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

torch::Tensor loss_sum(const torch::Tensor& logits, const torch::Tensor& labels) {
  return torch::cross_entropy_loss(logits, labels, {}, at::Reduction::Sum);
}

}  // namespace

TorchLearner::TorchLearner(const TrainOptions& options, const DataInfo& info)
    : name_(options.model_file ? options.model_file->filename().string() : size_name(options.model_size)),
      input_(info, start_torch(options, info)),
      network_(make_network(options, info, input_.shape())),
      optimizer_(make_optimizer(options, network_->parameters())),
      device_(options.device) {
  set_training(true);
}

std::optional<float> TorchLearner::accumulate(const Slot& batch, std::uint64_t step_samples) {
  set_training(true);
  return in_torch("training", [&] {
    const torch::Tensor logits = network_->forward(input_.pictures(batch));
    const torch::Tensor loss =
        loss_sum(logits, input_.labels(batch)) * (1.0 / static_cast<double>(step_samples));
    loss.backward();
    return loss.item<float>();
  });
}

void TorchLearner::step(double learning_rate) {
  in_torch("the optimizer's step", [&] { optimizer_->step(learning_rate); });
  step_start_.reset();
}

void TorchLearner::begin_step() {
  StepStart start{{}, generator_states(device_)};
  for (const torch::Tensor& buffer : network_->buffers()) start.buffers.push_back(buffer.detach().clone());
  step_start_ = std::move(start);
}

NamedTensors TorchLearner::model_state() const {
  NamedTensors state = network_->state();
  if (!step_start_) return state;
  const std::vector<torch::Tensor> buffers = network_->buffers();
  for (auto& [name, tensor] : state) {
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      if (tensor.is_same(buffers[i])) tensor = step_start_->buffers[i];
    }
  }
  return state;
}

NamedTensors TorchLearner::optimizer_state() const {
  NamedTensors state = optimizer_->state();
  for (auto& item : step_start_ ? step_start_->generators : generator_states(device_)) state.push_back(item);
  return state;
}

std::vector<CheckpointPart> TorchLearner::snapshot() {
  const auto model = model_copies_.copy(model_state());
  const auto optimizer = optimizer_copies_.copy(optimizer_state());
  return {{kModelFile, [model](const ByteSink& sink) { save_tensors(*model, sink); }},
          {kOptimizerFile, [optimizer](const ByteSink& sink) { save_tensors(*optimizer, sink); }}};
}

void TorchLearner::restore(const std::filesystem::path& folder, bool lenient) {
  overwrite(network_->state(), load_tensors(folder / kModelFile), folder / kModelFile);
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
    const torch::Tensor logits = network_->forward(input_.pictures(batch));
    const torch::Tensor labels = input_.labels(batch);
    val_loss_sum_ += loss_sum(logits, labels).item<float>();
    val_correct_ += (logits.argmax(1) == labels).sum().item<std::int64_t>();
    val_samples_ += labels.size(0);
  });
}

ValResult TorchLearner::finish_evaluation() {
  const auto samples = static_cast<double>(std::exchange(val_samples_, 0));
  const double loss = std::exchange(val_loss_sum_, 0);
  const auto correct = static_cast<double>(std::exchange(val_correct_, 0));
  if (samples == 0) return {};
  return {loss / samples, {{"accuracy", correct / samples}}};
}

void TorchLearner::set_training(bool training) {
  if (training_ == training) return;
  network_->set_training(training);
  training_ = training;
}

std::unique_ptr<Learner> make_torch_learner(const TrainOptions& options, const DataInfo& info) {
  return std::make_unique<TorchLearner>(options, info);
}

}  // namespace feedline

#include "torch_learner.hpp"

#include "cuda_graphs.hpp"
#include "finite.hpp"
#include "models.hpp"
#include "script_error.hpp"
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

std::unique_ptr<TorchTask> make_task(const TrainSettings& options, const DataInfo& info,
                                     const TrainingDevice& where) {
  switch (info.task) {
    case Task::kImage:
    case Task::kAudio:
      return make_classify_task(options, info, where);
    case Task::kSpeech:
      return make_speech_task(options, info, where);
  }
  throw InternalError("There is no model for this task.");
}

/// Runs a part of training, and turns an exception of torch into one sentence.
template <typename F>
auto in_torch(const char* what, const F& part) {
  try {
    return part();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& reason) {
    if (is_script_error(reason.what()))
      throw UsageError(fmt::format("The model of --model failed in {}: {}.", what, torch_message(reason)));
    throw InternalError(fmt::format("The model failed in {}: {}", what, torch_message(reason)));
  }
}

}  // namespace

TorchLearner::TorchLearner(const TrainSettings& options, const DataInfo& info,
                           std::unique_ptr<WorkRecorder> recorder)
    : name_(options.model_file ? options.model_file->filename().string() : size_name(options.model_size)),
      where_(start_training_device(options)),
      task_(make_task(options, info, where_)) {
  RecordableTask* const recordable = task_->recordable();
  if (!recorder && recordable != nullptr && options.graphs && where_.stream)
    recorder = make_cuda_recorder(where_.device);
  optimizer_ = make_optimizer(options, task_->network().parameters(),
                              recorder ? Gradients::kKept : Gradients::kDropped);
  if (where_.precision.scales_loss()) scaler_.emplace(where_.device);
  if (recorder) {
    recorded_.emplace(
        std::move(recorder), *recordable, where_.device,
        [this, recordable](const std::vector<torch::Tensor>& inputs, const torch::Tensor& factor) {
          return learn([&] { return recordable->loss_sum(inputs); }, factor);
        });
  }
  if (where_.stream) late_.emplace(where_.gpu, *where_.stream);
  spare_ = not_finite_at_start();
  set_training(true);
}

std::optional<BatchResult> TorchLearner::accumulate(const Slot& batch, std::uint64_t step_samples) {
  set_training(true);
  return in_torch("training", [&]() -> std::optional<BatchResult> {
    const double factor = 1.0 / static_cast<double>(step_samples);
    if (!late_) return BatchResult{learn_from(batch, factor).item<float>(), std::nullopt};
    late_->begin();
    // The memory of the loss may be reused at once, by work that comes later in the same stream.
    late_->end(learn_from(batch, factor).const_data_ptr<float>());
    return std::nullopt;
  });
}

std::optional<BatchResult> TorchLearner::finished(bool wait) {
  return late_ ? late_->next(wait) : std::nullopt;
}

torch::Tensor TorchLearner::learn_from(const Slot& batch, double factor) {
  if (recorded_ && RecordedSteps::is_whole(batch)) return recorded_->learn(batch, factor);
  return learn([&] { return task_->loss_sum(batch); }, factor);
}

/// Adds to the gradients; returns the sum of losses times `factor`.
template <typename Factor>
torch::Tensor TorchLearner::learn(const std::function<torch::Tensor()>& loss_sum, const Factor& factor) {
  torch::Tensor loss;
  {
    const Autocast precision = autocast();
    loss = loss_sum() * factor;
  }
  (scaler_ ? scaler_->scaled(loss) : loss).backward();
  return loss.detach();
}

void TorchLearner::step(double learning_rate) {
  in_torch("the optimizer's step", [&] {
    if (scaler_) {
      scaler_->step(*optimizer_, task_->network().parameters(), learning_rate);
    } else {
      optimizer_->step(learning_rate);
    }
    if (late_) late_->extend();
  });
  step_start_.reset();
}

void TorchLearner::begin_step() {
  StepStart start{{}, generator_states(where_.device)};
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
  for (auto& item : step_start_ ? step_start_->generators : generator_states(where_.device))
    state.push_back(item);
  return state;
}

std::vector<CheckpointPart> TorchLearner::snapshot() {
  const auto model = model_copies_.copy(model_state());
  const auto optimizer = optimizer_copies_.copy(optimizer_state());
  if (const auto name = first_not_finite(*model, spare_)) throw NotFiniteError(*name);
  if (const auto name = first_not_finite(*optimizer)) throw NotFiniteError("the optimizer's " + *name);
  const bool training = training_;
  set_training(false);
  std::vector<CheckpointPart> parts = in_torch("a checkpoint", [&] {
    const Autocast precision = autocast();
    return task_->parts();
  });
  set_training(training);
  parts.push_back({kModelFile, [model](const ByteSink& sink) { save_tensors(*model, sink); }});
  parts.push_back({kOptimizerFile, [optimizer](const ByteSink& sink) { save_tensors(*optimizer, sink); }});
  return parts;
}

/// Returns the names of untrained tensors that hold such values from the start: they may do so on purpose.
std::set<std::string> TorchLearner::not_finite_at_start() const {
  std::set<std::string> names;
  for (const auto& [name, tensor] : task_->network().state()) {
    if (!tensor.requires_grad() && !is_finite(tensor.cpu())) names.insert(name);
  }
  return names;
}

NamedTensors TorchLearner::load_finite(const std::filesystem::path& folder) const {
  NamedTensors model = load_tensors(folder / kModelFile);
  if (const auto name = first_not_finite(model, spare_)) {
    throw UsageError(
        fmt::format("{} holds values that are not finite, in '{}': that run had diverged. Give an older "
                    "checkpoint.",
                    (folder / kModelFile).string(), *name));
  }
  return model;
}

void TorchLearner::load_model(const std::filesystem::path& folder) {
  match_rows(task_->named_rows(), folder, false);
  overwrite(task_->network().state(), load_finite(folder), folder / kModelFile);
}

void TorchLearner::restore(const std::filesystem::path& folder, bool lenient) {
  const NamedRows rows = task_->named_rows();
  NamedTensors model = load_finite(folder), optimizer = load_tensors(folder / kOptimizerFile);
  for (const RowMoves& moves : match_rows(rows, folder, lenient)) {
    const auto moved = with_optimizer_names(rows, task_->network().state(), task_->network().parameters());
    move_rows(model, task_->network().state(), moved, moves);
    move_rows(optimizer, optimizer_state(), moved, moves);
  }
  overwrite(task_->network().state(), model, folder / kModelFile);
  try {
    overwrite(optimizer_state(), optimizer, folder / kOptimizerFile);
  } catch (const UsageError& error) {
    if (!lenient) throw;
    log_warning(std::string(error.what()) + " The optimizer starts anew.");
  }
  set_generator_states(optimizer, where_.device);
}

void TorchLearner::evaluate(const Slot& batch) {
  set_training(false);
  in_torch("validation", [&] {
    const torch::InferenceMode no_autograd;
    const Autocast precision = autocast();
    task_->evaluate(batch);
  });
}

std::vector<std::vector<float>> TorchLearner::classify(const Slot& batch) {
  set_training(false);
  return in_torch("a prediction", [&] {
    const torch::InferenceMode no_autograd;
    const Autocast precision = autocast();
    std::vector<std::vector<float>> rows;
    const torch::Tensor probabilities = task_->classify(batch);
    if (!probabilities.defined()) return rows;
    const torch::Tensor table = probabilities.to(torch::kCPU, torch::kFloat).contiguous();
    const auto classes = static_cast<std::size_t>(table.size(1));
    const float* const first = table.const_data_ptr<float>();
    for (std::size_t row = 0; row < batch.header().count; ++row)
      rows.emplace_back(first + row * classes, first + (row + 1) * classes);
    return rows;
  });
}

std::vector<std::byte> TorchLearner::draw(const Slot& batch, std::uint32_t row) {
  set_training(false);
  return in_torch("a picture", [&] {
    const Autocast precision = autocast();
    return task_->draw(batch, row);
  });
}

void TorchLearner::set_training(bool training) {
  if (training_ == training) return;
  task_->network().set_training(training);
  training_ = training;
}

std::unique_ptr<Learner> make_torch_learner(const TrainSettings& options, const DataInfo& info) {
  return std::make_unique<TorchLearner>(options, info);
}

}  // namespace feedline

#pragma once

#include <feedline/batch/slot.hpp>
#include <feedline/checkpoint/checkpoint_folder.hpp>
#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/device/device_runtime.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

enum class ModelSize { kTiny, kSmall, kNormal, kBig };
enum class OptimizerKind { kSgd, kAdam };

/// Flags that select the model and its training.
struct TrainOptions {
  ModelSize model_size = ModelSize::kNormal;
  std::optional<std::filesystem::path> model_file;  ///< TorchScript file
  bool graphs = true;                               ///< Record steps as CUDA graphs where possible
  OptimizerKind optimizer = OptimizerKind::kAdam;
  double lr = 1e-3;
  double momentum = 0.9;  ///< Momentum of sgd
  double weight_decay = 0;
  std::string precision = "fp32";
  std::uint64_t seed = 0;
  std::optional<double> synthetic_step_ms;  ///< Step time of a timed consumer that replaces the model
};

/// The settings of a model and its training on this machine: the flags, and whatever they leave to the
/// machine and the data.
struct TrainSettings : TrainOptions {
  TrainSettings() = default;
  explicit TrainSettings(const TrainOptions& options) : TrainOptions(options) {}

  std::string device = "cpu";          ///< "cpu" or "cuda:N"
  std::shared_ptr<DeviceRuntime> gpu;  ///< Runtime of that device; null: the learner opens it
  void* stream = nullptr;              ///< cudaStream_t for all its work; null: one of torch's
  std::uint64_t warmup_steps = 0;      ///< Steps of warm-up, see learning_rate()
  int train_threads = 1;
};

/// The figures of one validation.
struct ValResult {
  std::optional<double> loss;
  std::map<std::string, double> metrics;  ///< "accuracy" in 0..1
};

/// The time of a device for one batch, by its own clock.
struct DeviceTime {
  Clock::duration idle{};  ///< Idle time since the end of the previous batch; 0 for the first
  Clock::duration work{};  ///< Work on this batch, including an optimizer step that it ended
};

/// The result of one training batch.
struct BatchResult {
  std::optional<float> loss;       ///< Share of its step's mean; empty when the consumer has no loss
  std::optional<DeviceTime> time;  ///< Empty: all work was done when the calls returned
};

/// A snapshot holds values that are not finite: training has diverged, and there is nothing to save. The
/// message is the tensor's name.
struct NotFiniteError : UsageError {
  using UsageError::UsageError;
};

/// A model with its optimizer, as the training loop sees it: it takes batches and returns losses. Not
/// thread-safe: one thread makes and uses it. Slots are read only during the call.
class Learner {
 public:
  virtual ~Learner() = default;

  /// Called before the first batch of a step of several: a snapshot taken before the step is complete has the
  /// state of this moment.
  virtual void begin_step() {}

  /// Runs forward and backward of one batch and adds to the gradients. `step_samples` is the number of
  /// samples of the whole optimizer step, so that the sum over its batches is the mean loss of the step,
  /// however it was split. Blocks until done and returns the result. A learner whose device continues
  /// meanwhile always returns std::nullopt instead; `finished` then returns the result later.
  virtual std::optional<BatchResult> accumulate(const Slot& batch, std::uint64_t step_samples) = 0;

  /// Returns the result of the next batch, in order, for which `accumulate` returned std::nullopt;
  /// std::nullopt when it is not done yet, or when none is left. Call it after `step` when the batch ends
  /// one. Blocks until the batch is done only with `wait`.
  virtual std::optional<BatchResult> finished([[maybe_unused]] bool wait) { return std::nullopt; }

  /// Runs the optimizer's step at this learning rate; gradients are zero afterwards.
  virtual void step(double learning_rate) = 0;

  /// Adds one validation batch to the running validation.
  virtual void evaluate(const Slot& batch) = 0;

  /// Returns the figures since the last call.
  virtual ValResult finish_evaluation() = 0;

  /// Everything that training has changed so far, in the state after the last step: files of a checkpoint. It
  /// is a copy, so training may continue while any thread writes them. Throws NotFiniteError.
  virtual std::vector<CheckpointPart> snapshot() { return {}; }

  /// Loads that state from the checkpoint in `folder`; training continues bit for bit as it would have.
  /// Throws UsageError naming file and tensor when it belongs to another model. `lenient`: an optimizer that
  /// does not fit is reset instead, with a warning.
  virtual void restore(const std::filesystem::path&, bool lenient) { static_cast<void>(lenient); }

  /// Loads only the model from it, without the state that only training needs. Throws like `restore`.
  virtual void load_model(const std::filesystem::path&) {}

  /// The probability of each class for each row of a batch; empty for models that do not classify.
  virtual std::vector<std::vector<float>> classify(const Slot&) { return {}; }

  /// Draws the model's output for sample `row` of a batch; returns the bytes of a PNG file, empty for tasks
  /// without a picture.
  virtual std::vector<std::byte> draw(const Slot&, std::uint32_t) { return {}; }

  /// The number of CUDA graphs recorded so far; see StepGraphs.
  virtual std::size_t graphs() const { return 0; }

  virtual std::string model_name() const = 0;
  virtual std::int64_t parameters() const = 0;
};

/// Makes a learner for `info`'s task: LibTorch, or the timed consumer when `synthetic_step_ms` is given.
/// Throws UsageError when the model file is not TorchScript or its output has the wrong shape.
std::unique_ptr<Learner> make_learner(const TrainSettings& options, const DataInfo& info);

/// Cosine schedule with linear warm-up: the rate for optimizer step `step` (from 0) of `total`. Loshchilov
/// and Hutter, "SGDR", ICLR 2017, eq. 5, with one period and minimum 0.
double learning_rate(double base, std::uint64_t step, std::uint64_t total, std::uint64_t warmup) noexcept;

/// Whether this build and this machine can train on a CUDA device.
bool cuda_training_available();

}  // namespace feedline

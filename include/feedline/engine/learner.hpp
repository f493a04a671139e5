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

/// Flags that say what is trained and how.
struct TrainOptions {
  ModelSize model_size = ModelSize::kNormal;
  std::optional<std::filesystem::path> model_file;  ///< TorchScript
  std::string device = "cpu";                       ///< "cpu" or "cuda:N", already chosen
  std::shared_ptr<DeviceRuntime> gpu;               ///< that device's; null: the learner opens it
  void* stream = nullptr;  ///< the cudaStream_t that all its work goes into; null: one of torch's
  bool graphs = true;      ///< record steps as CUDA graphs where that is possible
  OptimizerKind optimizer = OptimizerKind::kAdam;
  double lr = 1e-3;
  double momentum = 0.9;  ///< sgd
  double weight_decay = 0;
  std::uint64_t warmup_steps = 0;  ///< of the schedule, see learning_rate()
  int train_threads = 1;
  std::string precision = "fp32";
  std::uint64_t seed = 0;
  std::optional<double> synthetic_step_ms;  ///< a timed consumer instead of a model
};

/// The figures of one validation.
struct ValResult {
  std::optional<double> loss;
  std::map<std::string, double> metrics;  ///< "accuracy" in 0..1
};

/// How a device spent its time, by its own clock.
struct DeviceTime {
  Clock::duration idle{};  ///< since it was done with the batch before; 0 for the first
  Clock::duration work{};  ///< on this one, the optimizer's step included where it ended one
};

/// What a batch of training gave.
struct BatchResult {
  std::optional<float> loss;       ///< its part of its step's mean; nothing when the consumer has no loss
  std::optional<DeviceTime> time;  ///< nothing: all was done when the calls returned
};

/// A snapshot holds values that are not finite: training has diverged, and there is nothing to save. The
/// message is the tensor's name.
struct NotFiniteError : UsageError {
  using UsageError::UsageError;
};

/// A model with its optimizer, as the training loop sees it: batches in, losses out. No thread safety: one
/// thread makes and uses it. Slots are read during the call only.
class Learner {
 public:
  virtual ~Learner() = default;

  /// Called before the first batch of a step of several: a snapshot that is taken before the step is complete
  /// is one of this moment.
  virtual void begin_step() {}

  /// Forward and backward of one batch, adding to the gradients. `step_samples` is the number of samples of
  /// the whole optimizer step, so that the sum over its batches is the mean loss of the step, however it was
  /// cut. Blocks until done and returns what came of it; or returns nothing, as a learner always does whose
  /// device works on meanwhile, and `finished` tells later.
  virtual std::optional<BatchResult> accumulate(const Slot& batch, std::uint64_t step_samples) = 0;

  /// What came of the next batch, in the order they were given, that `accumulate` returned nothing for:
  /// nothing when it is not done yet, or none is left. Ask after `step` when the batch ends one. Blocks until
  /// it is done with `wait` only.
  virtual std::optional<BatchResult> finished([[maybe_unused]] bool wait) { return std::nullopt; }

  /// The optimizer's step at this learning rate; gradients are zero afterwards.
  virtual void step(double learning_rate) = 0;

  /// Adds one validation batch to the running validation.
  virtual void evaluate(const Slot& batch) = 0;

  /// The figures since the last call.
  virtual ValResult finish_evaluation() = 0;

  /// All that training has changed so far, as it was when the last step ended: files of a checkpoint. A copy,
  /// so training may go on while they are written, in any thread. Throws NotFiniteError.
  virtual std::vector<CheckpointPart> snapshot() { return {}; }

  /// Takes that from the checkpoint in `folder`; training goes on bit by bit as it would have. Throws
  /// UsageError naming file and tensor when it is another model's. `lenient`: an optimizer that does not fit
  /// starts anew instead, with a warning.
  virtual void restore(const std::filesystem::path&, bool lenient) { static_cast<void>(lenient); }

  /// Takes the model from it, and nothing that only training needs. Throws as `restore`.
  virtual void load_model(const std::filesystem::path&) {}

  /// The probability of each class for each row of a batch; empty for models that tell no classes apart.
  virtual std::vector<std::vector<float>> classify(const Slot&) { return {}; }

  /// What the model makes of sample `row` of a batch, as a PNG file's bytes; empty for tasks without a
  /// picture.
  virtual std::vector<std::byte> draw(const Slot&, std::uint32_t) { return {}; }

  /// CUDA graphs recorded so far; see StepGraphs.
  virtual std::size_t graphs() const { return 0; }

  virtual std::string model_name() const = 0;
  virtual std::int64_t parameters() const = 0;
};

/// A learner for `info`'s task: LibTorch, or the timed consumer when `synthetic_step_ms` is given.
/// Throws UsageError when the model file is no TorchScript or its output has the wrong shape.
std::unique_ptr<Learner> make_learner(const TrainOptions& options, const DataInfo& info);

/// Cosine schedule with linear warm-up: the rate for optimizer step `step` (from 0) of `total`.
/// Loshchilov and Hutter, "SGDR", ICLR 2017, eq. 5, with one period and minimum 0.
double learning_rate(double base, std::uint64_t step, std::uint64_t total, std::uint64_t warmup) noexcept;

/// Whether this build and this machine can train on a CUDA device.
bool cuda_training_available();

}  // namespace feedline

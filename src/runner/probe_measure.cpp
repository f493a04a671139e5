#include "probe_measure.hpp"

#include "choose_devices.hpp"
#include "idle_flags.hpp"
#include "probe_stream.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/device/select.hpp>
#include <feedline/engine/learner.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace feedline {
namespace {

constexpr double kInputSeconds = 2.5;
constexpr double kTrainSeconds = 2.0;
constexpr double kTogetherSeconds = 4.0;
constexpr std::uint64_t kCold = 48;
constexpr std::uint64_t kCached = 256;

DataOptions without_cache(DataOptions options) {
  options.cache = CacheKind::kNone;
  return options;
}

/// Memory for one sample outside of any slot.
class SampleMemory {
 public:
  explicit SampleMemory(const std::vector<TensorSpec>& tensors) {
    for (const TensorSpec& tensor : tensors) memory_.emplace_back(tensor.sample_bytes());
    for (auto& tensor : memory_) spans_.emplace_back(tensor);
  }
  SampleView view() const { return spans_; }

 private:
  std::vector<std::vector<std::byte>> memory_;
  std::vector<std::span<std::byte>> spans_;
};

/// Loads `count` samples spread over the set, after `before` each; bad ones are passed over.
StageTimes load_some(const Dataset& data, std::uint64_t count, std::uint32_t epoch,
                     const std::function<void(std::uint64_t)>& before) {
  const SampleMemory memory(data.tensors());
  const StageTimes earlier = stages_of(data);
  for (std::uint64_t i = 0; i < std::min(count, data.size()); ++i) {
    const std::uint64_t id = i * data.size() / std::min(count, data.size());
    before(id);
    try {
      data.load({0, epoch, id}, memory.view());
    } catch (const SampleError&) {
    }
  }
  return stages_of(data) - earlier;
}

void measure_stages(const Dataset& data, ProbeFigures& figures) {
  const StorageHints* hints = data.parts().hints;
  const StageTimes cold = load_some(data, kCold, 0, [&](std::uint64_t id) {
    if (hints != nullptr) hints->forget(id);
  });
  const StageTimes warm = load_some(data, kCold, 0, [](std::uint64_t) {});
  if (cold.samples == 0 || warm.samples == 0) return;
  const auto each = [](double sum, const StageTimes& of) { return sum / static_cast<double>(of.samples); };
  figures.read_cold_s = each(cold.read_s, cold);
  figures.read_s = each(warm.read_s, warm);
  figures.decode_s = each(warm.decode_s, warm);
  figures.transform_s = each(warm.transform_s, warm);
}

/// What a sample takes that the cache holds decoded, as a rate of all cores; 0 where sets are not cached.
double measure_cached(const Options& options, int workers) {
  DataOptions cached = options.data;
  cached.cache = CacheKind::kDecoded;
  log_errors_only(true);  // all has been said
  const DataSplits data = open_data(cached);
  log_errors_only(false);
  // Other parts of a picture may come from another of its sizes: the third round finds most of them.
  for (const std::uint32_t epoch : {0U, 1U}) load_some(*data.train, kCached, epoch, [](std::uint64_t) {});
  if (cache_of(*data.train).bytes == 0) return 0;
  const StageTimes times = load_some(*data.train, kCached, 2, [](std::uint64_t) {});
  const double each =
      (times.read_s + times.decode_s + times.transform_s) / static_cast<double>(times.samples);
  return workers / each;
}

/// Blocks until the device is done with it as well, so that the time is training's.
void train_on(Learner& learner, const Slot& batch, double learning_rate) {
  learner.accumulate(batch, batch.header().count);
  learner.step(learning_rate);
  while (learner.finished(true)) {
  }
}

double repeat_training(Learner& learner, const Slot& batch, double learning_rate) {
  const std::uint32_t count = batch.header().count;
  const auto once = [&] { train_on(learner, batch, learning_rate); };
  for (int i = 0; i < 3; ++i) once();
  std::uint64_t samples = 0;
  const auto begin = Clock::now();
  do {
    once();
    samples += count;
  } while (seconds_since(begin) < kTrainSeconds);
  return static_cast<double>(samples) / seconds_since(begin);
}

}  // namespace

ProbeFigures measure(const Options& options) {
  ProbeFigures figures;
  const DataSplits data = open_data(without_cache(options.data));
  warn_of_idle_flags(options, data.info.task);
  figures.cores = usable_cores();
  const int workers = options.num_workers.value_or(figures.cores);
  figures.batch_size = options.data.batch_size;
  figures.train_size = data.info.train_size;
  const auto ignore = [](const Slot&) {};
  BatchSpec spec;

  log_info("Measuring the input ...");
  measure_stages(*data.train, figures);
  figures.input_one = ProbeStream(options, data, 1).rate(kInputSeconds, ignore);
  {
    ProbeStream stream(options, data, workers);
    figures.input_all = stream.rate(kInputSeconds, ignore);
    figures.batch_bytes = stream.spec().slot_bytes();
    spec = stream.spec();
  }
  figures.link = measure_link(spec);
  figures.input_cached = measure_cached(options, workers);

  log_info("Measuring training, alone and with the input beside it ...");
  const TrainSettings train = train_settings_here(options);
  const auto learner = make_learner(train, data.info);
  figures.training_uses_cpu = train.device == "cpu" && !train.synthetic_step_ms;
  const double rate = options.train.lr * 1e-3;  // the model is thrown away; it only must not run off
  {
    ProbeStream stream(options, data, workers);
    figures.buffered =
        stream.rate(kTogetherSeconds, [&](const Slot& batch) { train_on(*learner, batch, rate); });
    figures.buffered_busy = stream.busy();
  }
  if (data.info.buckets.size() > 1) {  // one batch tells little of the others
    figures.training = figures.buffered / std::max(figures.buffered_busy, 0.01);
    return figures;
  }
  ProbeStream stream(options, data, 1);
  stream.rate(0, ignore);
  figures.training = repeat_training(*learner, stream.last(), rate);
  return with_true_ceiling(figures);
}

}  // namespace feedline

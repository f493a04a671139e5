#include "probe_measure.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/device/select.hpp>
#include <feedline/pipeline/prefetcher.hpp>
#include <feedline/transport/local.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <vector>

namespace feedline {
namespace {

constexpr double kInputSeconds = 2.5;
constexpr double kTrainSeconds = 2.0;
constexpr double kTogetherSeconds = 4.0;
constexpr double kLinkSeconds = 0.5;
constexpr std::size_t kDepth = 8;
constexpr std::uint64_t kCold = 48;
constexpr std::uint64_t kCached = 256;

DataOptions without_cache(DataOptions options) {
  options.cache = CacheKind::kNone;
  return options;
}

BatchSchedule endless(const Options& options, const DataInfo& info) {
  ScheduleOptions schedule;
  schedule.train_size = info.train_size;
  schedule.batch_size = options.batch_size;
  schedule.epochs = std::numeric_limits<std::uint32_t>::max() / 2;
  return BatchSchedule(schedule);
}

/// The input pipeline of a run, with a shallow ring so that it soon runs at its own pace.
class Stream {
 public:
  Stream(const Options& options, const DataSplits& data, int workers)
      : schedule_(endless(options, data.info)),
        bad_(options.data.bad_samples, data.info.train_size),
        ring_(make_local_ring(BatchSpec(options.batch_size, data.info.tensors), kDepth)),
        sender_(ring_),
        receiver_(ring_),
        prefetcher_(schedule_, data.train, data.train, bad_, sender_,
                    {options.data.seed, workers, false, options.order}) {
    prefetcher_.start();
  }

  /// Samples a second that `consume` takes, once the ring has gone round. Leaves the last batch unreleased.
  double rate(double seconds, const std::function<void(const Slot&)>& consume) {
    std::uint64_t samples = 0;
    for (std::size_t i = 0; i < kDepth + 2; ++i) take(consume);
    consuming_ = {};
    const auto begin = Clock::now();
    do {
      samples += take(consume);
    } while (seconds_since(begin) < seconds);
    const double passed = seconds_since(begin);
    busy_ = to_seconds(consuming_) / passed;
    return static_cast<double>(samples) / passed;
  }

  /// Share of the last `rate`'s time that went into `consume`.
  double busy() const noexcept { return busy_; }

  const Slot& last() const { return *last_; }
  const BatchSpec& spec() const { return ring_->pool().spec(); }

 private:
  std::uint64_t take(const std::function<void(const Slot&)>& consume) {
    if (last_) receiver_.release(last_->header().sequence);
    last_ = receiver_.receive();
    ensure(last_.has_value(), "an endless stream ended");
    const auto begin = Clock::now();
    consume(*last_);
    consuming_ += Clock::now() - begin;
    return last_->header().count;
  }

  BatchSchedule schedule_;
  BadSamples bad_;
  std::shared_ptr<SlotRing> ring_;
  RingSender sender_;
  RingReceiver receiver_;
  Prefetcher prefetcher_;
  std::optional<Slot> last_;
  Clock::duration consuming_{};
  double busy_ = 0;
};

/// Places for one sample outside of any slot.
class SamplePlaces {
 public:
  explicit SamplePlaces(const std::vector<TensorSpec>& tensors) {
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
  const SamplePlaces places(data.tensors());
  const StageTimes earlier = data.stages();
  for (std::uint64_t i = 0; i < std::min(count, data.size()); ++i) {
    const std::uint64_t id = i * data.size() / std::min(count, data.size());
    before(id);
    try {
      data.load({0, epoch, id}, places.view());
    } catch (const SampleError&) {
    }
  }
  return data.stages() - earlier;
}

void measure_stages(const Dataset& data, ProbeFigures& figures) {
  const StageTimes cold = load_some(data, kCold, 0, [&](std::uint64_t id) { data.forget(id); });
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
  const DataSplits data = open_data(cached);
  // Other parts of a picture may come from another of its sizes: the third round finds most of them.
  for (const std::uint32_t epoch : {0U, 1U}) load_some(*data.train, kCached, epoch, [](std::uint64_t) {});
  if (data.train->cache().bytes == 0) return 0;
  const StageTimes times = load_some(*data.train, kCached, 2, [](std::uint64_t) {});
  const double each =
      (times.read_s + times.decode_s + times.transform_s) / static_cast<double>(times.samples);
  return workers / each;
}

/// Bytes a second through a ring of slots from one thread to another, as between two ranks of a node: written
/// on one core, read on another.
double measure_link(const BatchSpec& spec) {
  const auto ring = make_local_ring(spec, kDepth);
  RingSender sender(ring);
  RingReceiver receiver(ring);
  std::jthread writer([&] {
    for (std::uint64_t sequence = 0;; ++sequence) {
      const auto slot = sender.acquire(sequence);
      if (!slot) return;
      const auto payload = slot->bytes().subspan(spec.header_bytes());
      std::memset(payload.data(), static_cast<int>(sequence & 0xFF), payload.size());
      BatchInfo info;
      info.sequence = sequence;
      slot->begin(info);
      slot->seal();
      sender.publish(sequence);
    }
  });
  std::uint64_t bytes = 0, sum = 0;
  const auto begin = Clock::now();
  do {
    const auto slot = receiver.receive();
    sum += hash64(slot->bytes());
    bytes += slot->bytes().size();
    receiver.release(slot->header().sequence);
  } while (seconds_since(begin) < kLinkSeconds || sum == 0);
  const double seconds = seconds_since(begin);
  receiver.close();
  return static_cast<double>(bytes) / seconds;
}

TrainOptions train_options(const Options& options) {
  std::vector<GpuInfo> gpus = list_gpus();
  const bool asked = options.device == "cuda" || options.data_gpu || options.model_gpu;
  if (!asked && !cuda_training_available()) gpus.clear();
  TrainOptions train = options.train;
  train.device = select_devices({options.device, options.data_gpu, options.model_gpu}, gpus).model.name();
  train.train_threads = options.train_threads.value_or(usable_cores());
  return train;
}

double repeat_training(Learner& learner, const Slot& batch, double learning_rate) {
  const std::uint32_t count = batch.header().count;
  const auto once = [&] {
    learner.accumulate(batch, count);
    learner.step(learning_rate);
  };
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
  figures.cores = usable_cores();
  const int workers = options.num_workers.value_or(figures.cores);
  figures.batch_size = options.batch_size;
  figures.train_size = data.info.train_size;
  const auto ignore = [](const Slot&) {};
  BatchSpec spec;

  log_info("Measuring the input ...");
  measure_stages(*data.train, figures);
  figures.input_one = Stream(options, data, 1).rate(kInputSeconds, ignore);
  {
    Stream stream(options, data, workers);
    figures.input_all = stream.rate(kInputSeconds, ignore);
    figures.batch_bytes = stream.spec().slot_bytes();
    spec = stream.spec();
  }
  figures.link = measure_link(spec);
  figures.input_cached = measure_cached(options, workers);

  log_info("Measuring training, alone and with the input beside it ...");
  const TrainOptions train = train_options(options);
  const auto learner = make_learner(train, data.info);
  figures.training_uses_cpu = train.device == "cpu" && !train.synthetic_step_ms;
  const double rate = options.train.lr * 1e-3;  // the model is thrown away; it only must not run off
  {
    Stream stream(options, data, workers);
    figures.buffered = stream.rate(kTogetherSeconds, [&](const Slot& batch) {
      learner->accumulate(batch, batch.header().count);
      learner->step(rate);
    });
    figures.buffered_busy = stream.busy();
  }
  Stream stream(options, data, 1);
  stream.rate(0, ignore);
  figures.training = repeat_training(*learner, stream.last(), rate);
  return figures;
}

}  // namespace feedline

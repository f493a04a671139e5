// How fast a GPU makes log-mel spectrograms, beside the CPU. Run: mel_gpu_bench
//
// Batches of 64 recordings of 4 s, noise. `CPU` is LogMel on all cores, a batch each. `GPU` is one stream
// with the waves in its memory; `GPU + copy` has them copied there first from pinned memory of the host.
// `apart` is the largest difference between what both make.
#include <feedline/common/clock.hpp>
#include <feedline/common/philox.hpp>
#include <feedline/data/audio/device_log_mel.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <span>
#include <thread>
#include <vector>

namespace feedline {
namespace {

constexpr int kRuns = 5;
constexpr double kRunSeconds = 0.5;
constexpr std::uint32_t kRows = 64;
constexpr std::uint32_t kSeconds = 4;

/// A stream that makes the spectrograms of one batch again and again.
class Maker {
 public:
  Maker(const MelSpec& spec, Device device)
      : device_(open_device(device)),
        stream_(device_->make_stream()),
        samples_(kSeconds * spec.sample_rate),
        frames_(static_cast<std::uint32_t>(mel_frames(spec, samples_))),
        host_(std::size_t{kRows} * samples_),
        mels_(std::size_t{kRows} * spec.n_mels * frames_),
        lengths_(kRows, samples_),
        pinned_waves_(device_->pin(std::as_writable_bytes(std::span(host_)))),
        pinned_mels_(device_->pin(std::as_writable_bytes(std::span(mels_)))),
        waves_(device_->allocate(host_.size() * sizeof(float))),
        lengths_there_(device_->allocate(kRows * sizeof(std::int64_t))),
        mels_there_(device_->allocate(mels_.size() * sizeof(float))),
        log_mel_(make_device_log_mel(spec, {kRows, samples_}, *device_)) {
    Philox random(1, RandomPurpose::kAugment, 0, 0);
    for (float& sample : host_) sample = random.next_float() - 0.5F;
    const auto lengths = std::as_bytes(std::span(lengths_));
    stream_->copy(lengths_there_->bytes().data(), lengths.data(), lengths.size());
    copy_waves();
    make();
    stream_->wait();
  }

  void copy_waves() {
    const auto waves = std::as_bytes(std::span(host_));
    stream_->copy(waves_->bytes().data(), waves.data(), waves.size());
  }

  void make() {
    log_mel_->run({reinterpret_cast<const float*>(waves_->bytes().data()),
                   reinterpret_cast<const std::int64_t*>(lengths_there_->bytes().data()), kRows, samples_},
                  {reinterpret_cast<float*>(mels_there_->bytes().data()), nullptr, frames_}, *stream_);
  }

  void wait() { stream_->wait(); }

  const std::vector<float>& result() {
    const auto bytes = std::as_writable_bytes(std::span(mels_));
    stream_->copy(bytes.data(), mels_there_->bytes().data(), bytes.size());
    stream_->wait();
    return mels_;
  }

 private:
  std::shared_ptr<DeviceRuntime> device_;
  std::unique_ptr<Stream> stream_;
  std::uint32_t samples_, frames_;
  std::vector<float> host_, mels_;
  std::vector<std::int64_t> lengths_;
  std::unique_ptr<DeviceMemory> pinned_waves_, pinned_mels_, waves_, lengths_there_, mels_there_;
  std::unique_ptr<DeviceLogMel> log_mel_;
};

using Makers = std::vector<std::unique_ptr<Maker>>;

/// Recordings a second, all makers beside each other; the median of the runs.
double rate(const Makers& makers, bool with_copy) {
  std::vector<double> rates;
  for (int run = 0; run < kRuns; ++run) {
    const auto start = Clock::now();
    std::uint64_t batches = 0;
    while (seconds_since(start) < kRunSeconds) {
      for (int i = 0; i < 8; ++i) {
        for (const auto& maker : makers) {
          if (with_copy) maker->copy_waves();
          maker->make();
        }
      }
      for (const auto& maker : makers) maker->wait();
      batches += 8 * makers.size();
    }
    rates.push_back(static_cast<double>(batches * kRows) / seconds_since(start));
  }
  std::nth_element(rates.begin(), rates.begin() + kRuns / 2, rates.end());
  return rates[kRuns / 2];
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  return largest;
}

Makers make(const MelSpec& spec, Device device, unsigned count) {
  Makers makers;
  for (unsigned i = 0; i < count; ++i) makers.push_back(std::make_unique<Maker>(spec, device));
  return makers;
}

void run(const std::vector<GpuInfo>& gpus) {
  fmt::print("| preset | CPU | GPU | GPU + copy | GPU / CPU | apart |\n|---|---|---|---|---|---|\n");
  for (const char* preset : {"phone-8k", "hifigan-22k", "whisper-16k-80", "kaldi-fbank", "nemo-asr-16k"}) {
    const MelSpec spec = mel_preset(preset);
    const Makers on_cpu = make(spec, Device::cpu(), std::max(1U, std::thread::hardware_concurrency()));
    const double cpu = rate(on_cpu, false);
    if (gpus.empty()) {
      fmt::print("| {} | {:.0f} | | | | |\n", preset, cpu);
    } else {
      const Makers on_gpu = make(spec, Device::cuda(0), 1);
      const double gpu = rate(on_gpu, false), copied = rate(on_gpu, true);
      fmt::print("| {} | {:.0f} | {:.0f} | {:.0f} | {:.1f} | {:.1e} |\n", preset, cpu, gpu, copied, gpu / cpu,
                 largest_difference(on_gpu[0]->result(), on_cpu[0]->result()));
    }
    std::fflush(stdout);
  }
  fmt::print("Recordings of {} s a second, median of {} runs; {}, {} cores.\n", kSeconds, kRuns,
             gpus.empty() ? "there is no GPU" : gpus[0].name, std::thread::hardware_concurrency());
}

}  // namespace
}  // namespace feedline

int main() {
  feedline::run(feedline::list_gpus());
}

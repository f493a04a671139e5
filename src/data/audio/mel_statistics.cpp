#include "mel_statistics.hpp"

#include <feedline/common/resources.hpp>
#include <feedline/data/refusals.hpp>
#include <feedline/data/sample_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <future>
#include <vector>

namespace feedline {
namespace {

constexpr std::size_t kMeasured = 256;

/// A band that is the same everywhere must not be blown up.
constexpr double kLeastDeviation = 0.01;

/// Sums over the frames of one recording.
struct BandSums {
  std::uint64_t frames = 0;
  std::vector<double> sum, squares;
  std::string refusal;  ///< why the recording cannot be used
};

BandSums measure(const SoundSource& source, std::uint64_t id, SoundWorkspace& workspace) {
  BandSums sums;
  try {
    const auto wave = source.wave(id, workspace);
    const std::size_t frames = mel_frames(source.spec(), wave.size()), bands = source.spec().n_mels;
    workspace.features.resize(frames * bands);
    source.log_mel().compute(wave, workspace.mel, workspace.features, frames);
    sums.frames = frames;
    for (std::size_t band = 0; band < bands; ++band) {
      double sum = 0, squares = 0;
      for (std::size_t i = band * frames; i < (band + 1) * frames; ++i) {
        const double value = workspace.features[i];
        sum += value;
        squares += value * value;
      }
      sums.sum.push_back(sum);
      sums.squares.push_back(squares);
    }
  } catch (const SampleError& error) {  // the run tells of it, unless there is nothing else
    sums.refusal = error.reason();
  }
  return sums;
}

}  // namespace

Normalization measure_bands(const SoundSource& source, std::span<const std::uint64_t> ids) {
  const std::size_t count = std::min(ids.size(), kMeasured);
  std::vector<BandSums> parts(count);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    SoundWorkspace workspace;
    for (std::size_t i = next++; i < count; i = next++)
      parts[i] = measure(source, ids[i * ids.size() / count], workspace);
  };
  std::vector<std::future<void>> workers(std::min(count, static_cast<std::size_t>(usable_cores())));
  for (auto& worker : workers) worker = std::async(std::launch::async, work);
  for (auto& worker : workers) worker.get();

  const std::size_t bands = source.spec().n_mels;
  BandSums all{0, std::vector<double>(bands), std::vector<double>(bands), {}};
  for (const BandSums& part : parts) {
    all.frames += part.frames;
    for (std::size_t band = 0; band < part.sum.size(); ++band) {
      all.sum[band] += part.sum[band];
      all.squares[band] += part.squares[band];
    }
  }
  if (all.frames == 0) {
    Refusals refusals;
    for (std::size_t i = 0; i < count; ++i)
      refusals.add(parts[i].refusal, source.recordings().describe(ids[i * ids.size() / count]));
    throw DataError(fmt::format("None of {} recordings tried in {} could be used:{}", count,
                                source.recordings().root(), refusals.text()));
  }
  Normalization result;
  const auto frames = static_cast<double>(all.frames);
  for (std::size_t band = 0; band < bands; ++band) {
    const double mean = all.sum[band] / frames;
    const double variance = std::max(0.0, all.squares[band] / frames - mean * mean);
    result.mean.push_back(static_cast<float>(mean));
    result.std.push_back(static_cast<float>(std::max(std::sqrt(variance), kLeastDeviation)));
  }
  return result;
}

}  // namespace feedline

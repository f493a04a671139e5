// What the kernels do, done by threads of the CPU, with a plain transform in the place of cuFFT.
#include "audio/mel/mel_blocks.hpp"

#include "audio/mel/mel_filters.hpp"
#include "audio/mel/mel_window.hpp"
#include "mel_goldens.hpp"
#include "wave_batches.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <complex>
#include <numbers>
#include <string>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using testing::as_test_name;
using testing::expect_same_mels;
using testing::mel_tolerance;
using testing::Mels;
using testing::mels_by_log_mel;
using testing::Waves;

/// Threads that go through blocks together.
struct Crew {
  explicit Crew(int count) : barrier(count), values(static_cast<std::size_t>(count)) {}
  std::barrier<> barrier;
  std::vector<double> values;
};

/// One of them, as mel_blocks.hpp wants it.
struct CpuBlock {
  Crew* crew;
  std::int32_t thread;

  template <class Work>
  void each(std::int32_t count, const Work& work) const {
    for (std::int32_t i = thread; i < count; i += static_cast<std::int32_t>(crew->values.size())) work(i);
  }

  void meet() const { crew->barrier.arrive_and_wait(); }

  template <class T, class Value>
  T sum(std::int32_t count, const Value& value) const {
    T mine = 0;
    each(count, [&](std::int32_t i) { mine += value(i); });
    T all = 0;
    for (const double part : all_of(mine)) all += static_cast<T>(part);
    return all;
  }

  template <class Value>
  float largest(std::int32_t count, const Value& value) const {
    float mine = -INFINITY;
    each(count, [&](std::int32_t i) { mine = std::max(mine, value(i)); });
    const auto all = all_of(mine);
    return static_cast<float>(*std::max_element(all.begin(), all.end()));
  }

 private:
  std::vector<double> all_of(double mine) const {
    meet();
    crew->values[static_cast<std::size_t>(thread)] = mine;
    meet();
    return crew->values;
  }
};

/// The sum that a transform is, by the smallest factor of its length at a time.
std::vector<std::complex<double>> transform(const std::vector<std::complex<double>>& x) {
  const std::size_t n = x.size();
  if (n == 1) return x;
  std::size_t factor = 2;
  while (n % factor != 0) ++factor;
  std::vector<std::complex<double>> out(n);
  for (std::size_t r = 0; r < factor; ++r) {
    std::vector<std::complex<double>> part;
    for (std::size_t i = r; i < n; i += factor) part.push_back(x[i]);
    part = transform(part);
    for (std::size_t k = 0; k < n; ++k) {
      const double angle = -2 * std::numbers::pi * static_cast<double>(r * k % n) / static_cast<double>(n);
      out[k] += part[k % part.size()] * std::polar(1.0, angle);
    }
  }
  return out;
}

/// As cuFFT does it: in place, n_fft numbers and room for two.
void transform_frames(const MelChunk& chunk, std::int32_t n_fft) {
  const auto size = static_cast<std::size_t>(n_fft);
  for (std::int32_t frame = 0; frame < chunk.count; ++frame) {
    float* const place = chunk.frames + static_cast<std::size_t>(frame) * (size + 2);
    const auto out = transform({place, place + size});
    for (std::size_t k = 0; k <= size / 2; ++k) {
      place[2 * k] = static_cast<float>(out[k].real());
      place[2 * k + 1] = static_cast<float>(out[k].imag());
    }
  }
}

/// How blocks are made.
struct Grid {
  int threads = 1;
  std::int32_t chunk = 1000;
  std::int32_t wide = 16;  ///< frames a tile
  bool staged = true;
};

/// Runs `work` for `blocks` blocks, one after the other.
template <class Work>
void launch(const Grid& grid, std::int32_t blocks, const Work& work) {
  Crew crew(grid.threads);
  const auto go = [&](std::int32_t thread) {
    for (std::int32_t i = 0; i < blocks; ++i) {
      work(CpuBlock{&crew, thread}, i);
      crew.barrier.arrive_and_wait();
    }
  };
  std::vector<std::jthread> others;
  for (int thread = 1; thread < grid.threads; ++thread) others.emplace_back(go, thread);
  go(0);
}

class Bench {
 public:
  explicit Bench(const MelSpec& spec)
      : spec_(spec), window_(make_window(spec)), filters_(make_mel_filters(spec)) {}

  Mels run(const Waves& waves, std::uint32_t room, const Grid& grid = {}) {
    const std::int32_t rows = static_cast<std::int32_t>(waves.rows());
    Mels made{std::vector<float>(waves.rows() * std::size_t{spec_.n_mels} * room, -1000),
              std::vector<std::int64_t>(waves.rows(), -1)};
    std::vector<float> largest(waves.rows());
    const MelJob job{mel_math(spec_),
                     window_.data(),
                     filters_.bands.data(),
                     filters_.weights.data(),
                     waves.waves.data(),
                     waves.lengths.data(),
                     static_cast<std::int32_t>(waves.samples),
                     static_cast<std::int32_t>(mel_frames(spec_, waves.samples)),
                     made.mels.data(),
                     made.lengths.data(),
                     static_cast<std::int32_t>(room),
                     largest.data(),
                     waves.masks.empty() ? nullptr : waves.masks.data()};
    make_bands(job, rows * job.row_frames, grid);
    if (spec_.normalisation == MelNormalisation::kWhisper || spec_.normalisation == MelNormalisation::kTopDb)
      launch(grid, rows, [&](CpuBlock block, std::int32_t i) { find_largest(block, job, i); });
    launch(grid, rows * job.math.bands, [&](CpuBlock block, std::int32_t i) {
      finish_band(block, job, i / job.math.bands, i % job.math.bands);
    });
    return made;
  }

 private:
  static void make_bands(const MelJob& job, std::int32_t all, const Grid& grid) {
    std::vector<float> frames(
        static_cast<std::size_t>(grid.chunk) * static_cast<std::size_t>(job.math.n_fft + 2), NAN);
    std::vector<float> tile(static_cast<std::size_t>(grid.wide * tile_pitch(job.math)));
    for (std::int32_t first = 0; first < all; first += grid.chunk) {
      const MelChunk chunk{first, std::min(grid.chunk, all - first), frames.data()};
      launch(grid, chunk.count, [&](CpuBlock block, std::int32_t i) { fill_frame(block, job, chunk, i); });
      transform_frames(chunk, job.math.n_fft);
      launch(grid, (chunk.count + grid.wide - 1) / grid.wide, [&](CpuBlock block, std::int32_t i) {
        weigh_tile(block, job, chunk, i * grid.wide, grid.wide, grid.staged ? tile.data() : nullptr);
      });
    }
  }

  MelSpec spec_;
  std::vector<float> window_;
  MelFilters filters_;
};

class MelBlocks : public ::testing::TestWithParam<std::string> {
 protected:
  const MelSpec spec_ = mel_preset(GetParam());
};

TEST_P(MelBlocks, MakeWhatThePresetsOwnProjectMakes) {
  const auto goldens = testing::read_mel_goldens(GetParam());
  EXPECT_FALSE(goldens.empty()) << "a preset without a golden";
  for (const auto& golden : goldens) {
    SCOPED_TRACE(golden.signal + " of " + std::to_string(golden.samples));
    const auto samples = static_cast<std::uint32_t>(golden.samples);
    const Waves waves{samples, {samples}, testing::golden_signal(golden.signal, samples)};
    const Mels made = Bench(spec_).run(waves, static_cast<std::uint32_t>(golden.frames));
    ASSERT_EQ(made.lengths[0], static_cast<std::int64_t>(golden.frames));
    for (std::size_t i = 0; i < golden.mel.size(); ++i)
      ASSERT_NEAR(made.mels[i], golden.mel[i], mel_tolerance(golden.mel, golden.frames, i, spec_))
          << "band " << i / golden.frames << " frame " << i % golden.frames;
  }
}

TEST_P(MelBlocks, MakeWhatLogMelMakesOfEveryLength) {
  const Waves waves = testing::waves_of_edge_lengths(spec_);
  const auto room = static_cast<std::uint32_t>(mel_frames(spec_, waves.samples)) + 5;
  expect_same_mels(Bench(spec_).run(waves, room), mels_by_log_mel(spec_, waves, room), spec_, waves);
}

TEST_P(MelBlocks, CutOffWhatIsFarBelowTheLoudest) {
  const Waves waves = testing::half_silent_waves(8 * spec_.n_fft);
  const auto room = static_cast<std::uint32_t>(mel_frames(spec_, waves.samples));
  expect_same_mels(Bench(spec_).run(waves, room), mels_by_log_mel(spec_, waves, room), spec_, waves);
}

INSTANTIATE_TEST_SUITE_P(Presets, MelBlocks, ::testing::ValuesIn(mel_preset_names()),
                         [](const auto& given) { return as_test_name(given.param); });

// Combinations that no preset has, but single fields can; the window shows what is at a frame's ends.
TEST(MelBlocksOfSpecs, MakeWhatLogMelMakes) {
  MelSpec centred = mel_preset("kaldi-fbank");
  centred.window_first = false;
  centred.pad_amount = MelPadAmount::kHalfTransform;
  MelSpec small_hop = mel_preset("phone-8k");
  small_hop.hop_length = 7;
  small_hop.pre_emphasis = MelPreEmphasis::kWave;
  MelSpec mirrored = mel_preset("speechbrain-fbank");
  mirrored.padding = MelPadding::kMirror;
  mirrored.remove_dc = true;
  for (MelSpec spec : {centred, small_hop, mirrored}) {
    SCOPED_TRACE(short_text(spec));
    spec.window = MelWindow::kHamming;
    const std::int64_t needed = static_cast<std::int64_t>(samples_needed(spec)), fft = spec.n_fft;
    const Waves waves = testing::noisy_waves(spec.n_fft * 2, {needed, needed + 1, fft, fft * 2});
    const auto room = static_cast<std::uint32_t>(mel_frames(spec, waves.samples));
    expect_same_mels(Bench(spec).run(waves, room), mels_by_log_mel(spec, waves, room), spec, waves);
  }
}

// Three threads and parts that nothing is a multiple of; under ThreadSanitizer it finds a block that does not
// wait.
TEST(MelBlocksOfThreads, DoNotDependOnHowTheyAreCut) {
  for (const char* preset : {"hifigan-22k", "kaldi-fbank", "whisper-16k-80", "nemo-asr-16k"}) {
    SCOPED_TRACE(preset);
    const MelSpec spec = mel_preset(preset);
    const std::int64_t hop = spec.hop_length, fft = spec.n_fft;
    const Waves waves = testing::noisy_waves(spec.n_fft * 2, {fft * 2, fft * 2 - 1, fft + hop, 0});
    const auto room = static_cast<std::uint32_t>(mel_frames(spec, waves.samples));
    const Mels wanted = mels_by_log_mel(spec, waves, room);
    for (const bool staged : {true, false})
      expect_same_mels(Bench(spec).run(waves, room, {3, 7, 4, staged}), wanted, spec, waves);
    expect_same_mels(Bench(spec).run(waves, room, {1, 1, 1, true}), wanted, spec, waves);
  }
}

TEST(MelBlocksOfThreads, CoverWhatMasksSay) {
  for (const char* preset : {"hifigan-22k", "whisper-16k-80", "nemo-asr-16k"}) {
    SCOPED_TRACE(preset);
    const MelSpec spec = mel_preset(preset);
    const std::int64_t fft = spec.n_fft;
    Waves waves = testing::noisy_waves(spec.n_fft * 3, {fft * 3, fft * 2, fft * 3 - 1, fft * 2 + 5, 0});
    const auto room = static_cast<std::uint32_t>(mel_frames(spec, waves.samples)) + 2;
    const Mels whole = mels_by_log_mel(spec, waves, room);
    testing::mask_some(waves, spec);
    const Mels wanted = mels_by_log_mel(spec, waves, room);
    ASSERT_NE(wanted.mels, whole.mels);
    expect_same_mels(Bench(spec).run(waves, room, {3, 7, 4, true}), wanted, spec, waves);
  }
}

TEST(MelMath, CountsFramesAsTheSpecDoes) {
  for (const std::string& preset : mel_preset_names()) {
    const MelSpec spec = mel_preset(preset);
    const MelMath math = mel_math(spec);
    for (std::int32_t samples = 0; samples < 5000; ++samples) {
      const auto count = static_cast<std::uint64_t>(samples);
      ASSERT_EQ(frames_of(math, samples), count < samples_needed(spec) ? 0 : mel_frames(spec, count))
          << preset;
    }
  }
}

}  // namespace
}  // namespace feedline

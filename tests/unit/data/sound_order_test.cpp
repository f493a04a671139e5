#include "audio/sound_source.hpp"
#include "decode_error.hpp"
#include "loading.hpp"
#include "mixed_sounds.hpp"
#include "temp_folder.hpp"

#include <feedline/data/open_data.hpp>
#include <feedline/data/sample_error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace feedline {
namespace {

using testing::mixed_sounds;
using testing::NamedSound;
using testing::TempFolder;

constexpr std::uint32_t kRate = 16000;
constexpr int kOrders = 4;
constexpr std::array<int, 3> kChannels = {kMeanOfChannels, 0, 1};

/// Damaged headers may promise anything: such sounds are left out where they would only take time.
constexpr std::uint64_t kMostFrames = 100'000;

/// All that a recording gives: samples, also at another rate, and their spectrogram; or words.
struct Answer {
  std::string words;
  std::uint32_t rate = 0, channels = 0;
  std::vector<float> wave, resampled, mel;

  bool operator==(const Answer&) const = default;
};

Answer ask(SoundWorkspace& workspace, const LogMel& log_mel, std::span<const std::byte> file, int channel) {
  Answer answer;
  try {
    const SoundHeader header = workspace.decoder.open(file);
    answer.rate = header.sample_rate;
    answer.channels = header.channels;
    if (header.frames > kMostFrames) return answer;
    workspace.decoder.decode(channel, workspace.decoded);
    answer.wave = workspace.decoded;
    if (answer.wave.size() > kMostFrames || header.sample_rate > 48000) return answer;
    workspace.resamplers.get(header.sample_rate, kRate)(workspace.decoded, workspace.resampled);
    answer.resampled = workspace.resampled;
    const std::size_t frames = mel_frames(log_mel.spec(), answer.resampled.size());
    answer.mel.assign(frames * log_mel.spec().n_mels, -1);
    log_mel.compute(answer.resampled, workspace.mel, answer.mel, frames);
  } catch (const DecodeError& error) {
    answer.words = error.what();
  }
  return answer;
}

// Tools are used for one recording after the other. Whatever came before: a sound is the same sound, and a
// bad one is bad for the same reason.
TEST(SoundOrder, ChangesNoSound) {
  const TempFolder folder;
  const std::vector<NamedSound> files = mixed_sounds(folder.path());
  MelSpec spec;
  spec.sample_rate = kRate;
  const LogMel log_mel(spec);
  std::vector<Answer> alone;
  std::size_t good = 0;
  for (const NamedSound& file : files) {
    for (const int channel : kChannels) {
      SoundWorkspace fresh;
      alone.push_back(ask(fresh, log_mel, file.bytes, channel));
      good += alone.back().mel.empty() ? 0U : 1U;
    }
  }
  EXPECT_GT(good, alone.size() / 4) << "most of the sounds that are whole";
  SoundWorkspace workspace;
  std::mt19937 random(5);
  std::vector<std::size_t> order(alone.size());
  std::iota(order.begin(), order.end(), 0U);
  for (int round = 0; round < kOrders; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t i : order) {
      const NamedSound& file = files[i / kChannels.size()];
      const Answer answer = ask(workspace, log_mel, file.bytes, kChannels[i % kChannels.size()]);
      ASSERT_EQ(answer.words, alone[i].words) << file.name;
      ASSERT_TRUE(answer == alone[i]) << file.name << ", channel " << kChannels[i % kChannels.size()];
    }
  }
}

// libsndfile has one variable for the last error of all threads.
TEST(SoundOrder, ThreadsNameTheReasonsOfTheirOwnFiles) {
  std::vector<testing::Bytes> files;
  for (const char* start : {"text text", "fLaC", "OggS", "FORM", ".snd"}) {
    files.emplace_back();
    testing::put(files.back(), start);
    files.back().resize(100);
  }
  const auto reason = [](const testing::Bytes& file) {
    try {
      SoundDecoder().open(file);
      return std::string("it was opened");
    } catch (const DecodeError& error) {
      return std::string(error.what());
    }
  };
  std::atomic<int> wrong{0};
  std::vector<std::jthread> threads;
  for (const testing::Bytes& file : files) {
    threads.emplace_back([&wrong, &reason, &file, expected = reason(file)] {
      for (int i = 0; i < 1500; ++i) wrong += reason(file) == expected ? 0 : 1;
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

/// A sample, or the reason why there is none.
struct Outcome {
  std::vector<std::vector<std::byte>> tensors;
  std::string reason;

  bool operator==(const Outcome&) const = default;
};

Outcome outcome(const Dataset& data, std::uint64_t id) {
  Outcome result;
  std::vector<std::span<std::byte>> places;
  for (const TensorSpec& tensor : data.tensors())
    places.emplace_back(result.tensors.emplace_back(tensor.sample_bytes()));
  try {
    data.load({1, 2, id}, places);
  } catch (const SampleError& error) {
    result = {{}, error.reason()};
  }
  return result;
}

// The same of whole samples, with everything that is done to them, and of caches.
TEST(SoundOrder, ChangesNoSample) {
  const TempFolder folder;
  setenv("XDG_CACHE_HOME", (folder / "cache").c_str(), 1);
  std::filesystem::create_directories(folder / "sounds/a");
  const std::vector<NamedSound> files = mixed_sounds(folder.path());
  for (std::size_t i = 0; i < files.size(); ++i)
    testing::write_file(folder / "sounds" / (i % 2 == 0 ? "a" : "b") / (files[i].name + ".wav"),
                        files[i].bytes);
  DataOptions options;
  options.train_data = folder / "sounds";
  options.task = Task::kAudio;
  options.val_fraction = 0;
  options.sound.sample_rate = kRate;
  options.sound.clip_seconds = 0.5;
  options.cache_bytes = std::uint64_t{64} << 20;
  std::mt19937 random(7);
  for (const auto& [augment, as_waves] :
       {std::pair{Augment::kNone, false}, {Augment::kStrong, false}, {Augment::kStrong, true}}) {
    options.augment = augment;
    options.sound.as_waves = as_waves;
    std::map<std::string, Outcome> first;
    for (const CacheKind cache : {CacheKind::kNone, CacheKind::kEncoded, CacheKind::kDecoded}) {
      options.cache = cache;
      const DataSplits data = open_data(options);
      std::vector<std::uint64_t> order(data.train->size());
      std::iota(order.begin(), order.end(), 0U);
      std::shuffle(order.begin(), order.end(), random);
      const auto is_known = [&](std::uint64_t id) {
        const auto known = first.find(data.train->describe(id));
        return known != first.end() && outcome(*data.train, id) == known->second;
      };
      for (int pass = 0; pass < 2; ++pass) {
        for (const std::uint64_t id : order) {
          const std::string name = data.train->describe(id);
          const Outcome result = outcome(*data.train, id);
          const auto [known, is_first] = first.try_emplace(name, result);
          ASSERT_EQ(result.reason, known->second.reason) << name;
          ASSERT_TRUE(result == known->second) << name;
        }
      }
      std::atomic<int> wrong{0};
      std::vector<std::jthread> threads;
      for (int thread = 0; thread < 3; ++thread) {
        std::shuffle(order.begin(), order.end(), random);
        threads.emplace_back([&wrong, &is_known, order] {
          for (const std::uint64_t id : order) wrong += is_known(id) ? 0 : 1;
        });
      }
      threads.clear();
      EXPECT_EQ(wrong, 0) << "on several threads";
    }
  }
}

}  // namespace
}  // namespace feedline

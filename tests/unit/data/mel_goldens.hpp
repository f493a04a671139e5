#pragma once

#include "lcg_noise.hpp"

#include <feedline/data/audio/mel_spec.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace feedline::testing {

/// The signals of tests/golden/make_mel_goldens.py.
inline std::vector<float> golden_signal(const std::string& name, std::size_t count) {
  if (name == "noise") return lcg_noise(count);
  std::vector<float> wave(count, 0.0F);
  if (name == "impulse") wave[count / 2] = 1;
  if (name == "chirp") {
    for (std::size_t i = 0; i < count; ++i) {
      const auto t = static_cast<double>(i);
      wave[i] = static_cast<float>(0.8 * std::sin(0.01 * t + 0.00004 * t * t));
    }
  }
  return wave;
}

struct MelGolden {
  std::string signal;
  std::size_t samples = 0, frames = 0, bands = 0;
  std::vector<float> mel;  ///< [bands, frames]
};

inline std::vector<MelGolden> read_mel_goldens(const std::string& preset) {
  std::ifstream in(std::string(FEEDLINE_MEL_GOLDENS) + "/" + preset + ".golden", std::ios::binary);
  std::vector<MelGolden> goldens;
  for (std::string line; std::getline(in, line);) {
    MelGolden golden;
    std::istringstream(line) >> golden.signal >> golden.samples >> golden.frames >> golden.bands;
    golden.mel.resize(golden.frames * golden.bands);
    in.read(reinterpret_cast<char*>(golden.mel.data()),
            static_cast<std::streamsize>(golden.mel.size() * sizeof(float)));
    goldens.push_back(std::move(golden));
  }
  return goldens;
}

/// For value `i` of `mel`, [bands, frames]: 1e-4, and where a band is far below the loudest of its frame what
/// float arithmetic has left of it: at 100 dB below, two digits fewer.
inline float mel_tolerance(const std::vector<float>& mel, std::size_t frames, std::size_t i,
                           const MelSpec& spec) {
  float loudest = mel[i];
  for (std::size_t at = i % frames; at < mel.size(); at += frames) loudest = std::max(loudest, mel[at]);
  return 1e-4F + 2e-7F * std::exp((loudest - mel[i]) / (spec.power ? 2 : 1));
}

/// Names of presets as names of tests.
inline std::string as_test_name(std::string preset) {
  std::replace(preset.begin(), preset.end(), '-', '_');
  return preset;
}

}  // namespace feedline::testing

#include "audio/resample/resampler.hpp"

#include "decode_error.hpp"
#include "lcg_noise.hpp"
#include "sound_files.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

namespace feedline {
namespace {

class ResamplerGolden : public ::testing::TestWithParam<std::pair<std::uint32_t, std::uint32_t>> {};

TEST_P(ResamplerGolden, IsWhatTorchaudioMakes) {
  const auto [from, to] = GetParam();
  const auto bytes = testing::read_file(std::string(FEEDLINE_RESAMPLE_GOLDENS) + "/" + std::to_string(from) +
                                        "-" + std::to_string(to) + ".golden");
  std::vector<float> expected(bytes.size() / sizeof(float)), made;
  std::memcpy(expected.data(), bytes.data(), bytes.size());
  ASSERT_FALSE(expected.empty());
  Resampler(from, to)(testing::lcg_noise(700), made);
  ASSERT_EQ(made.size(), expected.size());
  for (std::size_t i = 0; i < made.size(); ++i) ASSERT_NEAR(made[i], expected[i], 1e-5) << i;
}

INSTANTIATE_TEST_SUITE_P(Rates, ResamplerGolden,
                         ::testing::Values(std::pair(44100U, 22050U), std::pair(48000U, 22050U),
                                           std::pair(16000U, 22050U), std::pair(24000U, 22050U),
                                           std::pair(8000U, 16000U), std::pair(22050U, 8000U),
                                           std::pair(90U, 100U)),
                         [](const auto& given) {
                           return std::to_string(given.param.first) + "_" +
                                  std::to_string(given.param.second);
                         });

TEST(Resampler, AToneStaysATone) {
  std::vector<float> wave, made;
  for (const double sample : testing::tone(16000, 1000, 16000)) wave.push_back(static_cast<float>(sample));
  Resampler(16000, 22050)(wave, made);
  ASSERT_EQ(made.size(), 22050U);
  for (std::size_t i = 200; i + 200 < made.size(); ++i)  // away from the edges
    ASSERT_NEAR(made[i], 0.5 * std::sin(2 * M_PI * 1000 * static_cast<double>(i) / 22050), 1e-4);
}

TEST(Resampler, LengthsAreRoundedUp) {
  std::vector<float> made;
  const Resampler resampler(3, 2);
  for (const std::size_t size : {0U, 1U, 2U, 3U, 4U, 1000U}) {
    resampler(std::vector<float>(size, 0.1F), made);
    EXPECT_EQ(made.size(), (2 * size + 2) / 3) << size;
  }
}

TEST(Resampler, RatesWithoutASimpleRatioAreRefused) {
  EXPECT_THROW(Resampler(383'999, 383'998), DecodeError);
}

TEST(Resampler, WorkersMakeThemAtTheSameTime) {
  std::vector<std::jthread> workers;  // under ThreadSanitizer
  for (int i = 0; i < 4; ++i) workers.emplace_back([] { Resampler(8000, 22050); });
}

TEST(Resamplers, AreKept) {
  Resamplers resamplers;
  const Resampler* first = &resamplers.get(16000, 8000);
  for (std::uint32_t rate = 1; rate < 6; ++rate) resamplers.get(rate, 8);
  EXPECT_EQ(&resamplers.get(16000, 8000), first);
  EXPECT_TRUE(resamplers.get(3, 8).is_for(3, 8));
}

}  // namespace
}  // namespace feedline

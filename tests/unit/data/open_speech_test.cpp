#include "speech_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/data/sample_error.hpp>
#include <feedline/data/speech/vocabulary.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <numeric>
#include <set>

namespace feedline {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// Room for one sample of a shape, and what was loaded into it.
struct Loaded {
  std::vector<float> mel;
  std::vector<std::int64_t> tokens;
  std::int64_t length = -1, text_length = -1;
};

class OpenSpeech : public testing::SpeechFolder {
 protected:
  void SetUp() override { setenv("XDG_CACHE_HOME", cache_.path().c_str(), 1); }
  void TearDown() override { unsetenv("XDG_CACHE_HOME"); }

  DataOptions options() const {
    DataOptions options;
    options.train_data = folder_.path();
    options.batch_size = 4;
    options.speech.max_shapes = 3;
    return options;
  }

  static Loaded load(const Dataset& dataset, std::uint64_t id, const BatchShape& shape) {
    Loaded loaded;
    loaded.mel.resize(static_cast<std::size_t>(shape.tensors[0].shape[0] * shape.tensors[0].shape[1]), -1);
    loaded.tokens.resize(static_cast<std::size_t>(shape.tensors[1].shape[0]), -1);
    const std::array<std::span<std::byte>, 4> places = {
        std::as_writable_bytes(std::span(loaded.mel)), std::as_writable_bytes(std::span(loaded.tokens)),
        std::as_writable_bytes(std::span(&loaded.length, 1)),
        std::as_writable_bytes(std::span(&loaded.text_length, 1))};
    dataset.load({0, 0, id}, places);
    return loaded;
  }

  testing::TempFolder cache_;
};

TEST_F(OpenSpeech, SamplesFitIntoTheirShapeAndAllAfterIt) {
  write(40);
  const DataSplits data = open_data(options());
  EXPECT_EQ(data.info.task, Task::kSpeech);
  EXPECT_LE(data.info.buckets.size(), 3U);
  EXPECT_EQ(data.info.train_size, 36U);
  EXPECT_EQ(data.info.val_size, 4U);
  EXPECT_EQ(data.info.normalization.mean.size(), 80U);
  const auto groups = buckets_of(*data.train).sizes();
  ASSERT_EQ(groups.size(), data.info.buckets.size());
  std::uint64_t id = 0;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (std::uint64_t i = 0; i < groups[group]; ++i, ++id) {
      const Loaded tight = load(*data.train, id, data.info.buckets[group].shape);
      const Loaded wide = load(*data.train, id, data.info.buckets.back().shape);
      EXPECT_EQ(tight.length, wide.length);
      const std::size_t room = tight.mel.size() / 80, more_room = wide.mel.size() / 80;
      for (std::size_t frame = 0; frame < more_room; ++frame) {
        const float value = wide.mel[7 * more_room + frame];
        if (frame < static_cast<std::size_t>(tight.length)) {
          EXPECT_EQ(value, tight.mel[7 * room + frame]);
        } else {
          EXPECT_NEAR(value, -11.512925, 1e-4);
        }
      }
    }
  }
  EXPECT_EQ(id, 36U);
}

TEST_F(OpenSpeech, ASetSmallerThanTheDefaultBatchIsOpenedOnceAndToldOnce) {
  write(12);
  DataOptions given = options();
  given.batch_size = 64;
  given.batch_size_given = false;
  ::testing::internal::CaptureStderr();
  const DataSplits data = open_data(given);
  const std::string told = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(told, HasSubstr("Batches have " + std::to_string(data.info.train_size) + " samples"));
  const std::size_t shapes = told.find("Shapes:");
  EXPECT_NE(shapes, told.npos);
  EXPECT_EQ(told.find("Shapes:", shapes + 1), told.npos) << told;
  EXPECT_EQ(told.find("Batches have", told.find("Batches have") + 1), told.npos) << told;
  for (const BucketInfo& each : data.info.buckets) EXPECT_LE(each.shape.capacity, 4 * data.info.train_size);
}

TEST_F(OpenSpeech, TokensAreTheTextAndThenZeros) {
  write(20);
  const DataSplits data = open_data(options());
  const Vocabulary vocabulary = Vocabulary::from_text(data.info.vocabulary);
  EXPECT_EQ(vocabulary.size(), data.info.symbols);
  for (std::uint64_t id = 0; id < data.train->size(); ++id) {
    const Loaded loaded = load(*data.train, id, data.info.buckets.back().shape);
    const std::string text = text_of(data.train->sample_id(id));
    EXPECT_EQ(vocabulary.decode(loaded.tokens), text);
    EXPECT_EQ(loaded.text_length, static_cast<std::int64_t>(text.size()));
    EXPECT_EQ(
        std::accumulate(loaded.tokens.begin() + loaded.text_length, loaded.tokens.end(), std::int64_t{0}), 0);
  }
}

// A recording of another rate must not be taken as it is: it would be of another length, and sound otherwise.
TEST_F(OpenSpeech, OtherRatesAreResampled) {
  write(10, 0);
  DataOptions all = options();
  all.val_fraction = 0;
  const DataSplits plain = open_data(all);
  const BatchShape& shape = plain.info.buckets.back().shape;
  const Loaded expected = load(*plain.train, 4, shape);
  testing::write_tone(plain.train->describe(4), 2 * 2400, 380, 16000);
  const DataSplits mixed = open_data(all);
  ASSERT_EQ(mixed.info.buckets.back().shape.tensors[0].shape, shape.tensors[0].shape);
  const Loaded made = load(*mixed.train, 4, shape);
  EXPECT_EQ(made.length, expected.length);
  const std::size_t room = expected.mel.size() / 80;
  for (std::size_t frame = 2; frame + 2 < static_cast<std::size_t>(expected.length); ++frame) {
    const auto loudest = [&](const Loaded& loaded) {
      std::size_t best = 0;
      for (std::size_t band = 1; band < 80; ++band)
        if (loaded.mel[band * room + frame] > loaded.mel[best * room + frame]) best = band;
      return best;
    };
    ASSERT_EQ(loudest(made), loudest(expected)) << frame;
    EXPECT_NEAR(made.mel[loudest(made) * room + frame], expected.mel[loudest(made) * room + frame], 0.01);
  }
}

TEST_F(OpenSpeech, TheSplitIsTheSameEveryTimeAndComplete) {
  write(30);
  const auto numbers = [](const Dataset& set) {
    std::set<std::uint64_t> found;
    for (std::uint64_t id = 0; id < set.size(); ++id) found.insert(set.sample_id(id));
    return found;
  };
  const DataSplits one = open_data(options()), other = open_data(options());
  EXPECT_EQ(numbers(*one.val), numbers(*other.val));
  EXPECT_EQ(fingerprint_of(one), fingerprint_of(other));
  auto all = numbers(*one.train);
  for (const std::uint64_t number : numbers(*one.val)) EXPECT_TRUE(all.insert(number).second);
  EXPECT_EQ(all.size(), 30U);
  DataOptions larger = options();
  larger.batch_size = 8;
  EXPECT_EQ(fingerprint_of(open_data(larger)), fingerprint_of(one)) << "shapes are not the data";
}

TEST_F(OpenSpeech, StandInsShareTheShape) {
  write(40);
  const DataSplits data = open_data(options());
  const Buckets buckets = buckets_of(*data.train);
  std::uint64_t begin = 0;
  for (const std::uint64_t size : buckets.sizes()) {
    for (std::uint64_t id = begin; id < begin + size; ++id) {
      for (const std::uint64_t number : {0U, 7U, 1'000'003U}) {
        const std::uint64_t other = buckets.replacement_for(id, number);
        EXPECT_GE(other, begin);
        EXPECT_LT(other, begin + size);
        EXPECT_LT(buckets.smaller_replacement_for(id, number), begin + size);
      }
    }
    begin += size;
  }
}

// A cache must never serve what a file was before it changed.
TEST_F(OpenSpeech, AChangedFileIsReadAnew) {
  write(10, 0);
  for (const CacheKind kind : {CacheKind::kDecoded, CacheKind::kEncoded}) {
    DataOptions cached = options();
    cached.cache = kind;
    cached.cache_bytes = 16 << 20;
    const DataSplits data = open_data(cached);
    const BatchShape& shape = data.info.buckets.back().shape;
    const Loaded before = load(*data.train, 0, shape), again = load(*data.train, 0, shape);
    EXPECT_EQ(before.mel, again.mel);
    EXPECT_GE(cache_of(*data.train).hits, 1U);
    testing::write_tone(data.train->describe(0), 2400, kind == CacheKind::kDecoded ? 2500 : 3500);
    EXPECT_NE(load(*data.train, 0, shape).mel, before.mel);
  }
}

TEST_F(OpenSpeech, AFileThatGrewIsABadSample) {
  write(10, 0);
  const DataSplits data = open_data(options());
  testing::write_tone(data.train->describe(3), 40000, 300);
  EXPECT_THROW(load(*data.train, 3, data.info.buckets.back().shape), SampleError);
}

TEST_F(OpenSpeech, OneStaticShape) {
  write(30);
  DataOptions one = options();
  one.speech.static_shapes = true;
  one.speech.max_mel_frames = 50;
  one.speech.max_text_length = 6;
  one.val_fraction = 0;
  const DataSplits data = open_data(one);
  ASSERT_EQ(data.info.buckets.size(), 1U);
  EXPECT_EQ(data.info.buckets[0].shape.capacity, 4U);
  EXPECT_EQ(data.info.tensors[0].shape[1], 50);
  EXPECT_EQ(data.info.tensors[1].shape[0], 6);
  for (std::uint64_t id = 0; id < data.train->size(); ++id) {
    const Loaded loaded = load(*data.train, id, data.info.buckets[0].shape);
    EXPECT_LE(loaded.length, 50);  // whole: what is longer is not there at all
    EXPECT_EQ(loaded.text_length, static_cast<std::int64_t>(text_of(data.train->sample_id(id)).size()));
  }
  EXPECT_LT(data.train->size(), 30U);
  EXPECT_GT(data.train->size(), 5U);
}

TEST_F(OpenSpeech, UnknownCharactersOfValidation) {
  write(20);
  testing::TempFolder val;
  std::ofstream(val / "metadata.csv") << "x|aéa\n";
  testing::write_tone(val / "wavs/x.wav", 4000, 500);
  DataOptions with_val = options();
  with_val.val_data = val.path();
  const DataSplits data = open_data(with_val);
  EXPECT_EQ(data.info.train_size, 20U);
  const Loaded loaded = load(*data.val, 0, data.info.buckets.back().shape);
  EXPECT_EQ(loaded.text_length, 3);
  EXPECT_EQ(loaded.tokens[1], Vocabulary::kUnknown);
  EXPECT_EQ(loaded.tokens[0], loaded.tokens[2]);
}

TEST_F(OpenSpeech, ValidationOnTheTrainingDataIsTold) {
  write(8);
  const auto said = [&](const std::filesystem::path& val) {
    DataOptions with_val = options();
    with_val.val_data = val;
    ::testing::internal::CaptureStderr();
    open_data(with_val);
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_THAT(said(folder_.path()), HasSubstr("8 of 8 validation recordings"));
  const testing::TempFolder other;
  std::filesystem::create_directory_symlink(folder_.path(), other / "link");
  EXPECT_THAT(said(other / "link"), HasSubstr("8 of 8 validation recordings"));
  std::filesystem::remove(other / "link");
  std::filesystem::create_directory_symlink(folder_ / "wavs", other / "wavs");
  std::ofstream(other / "metadata.csv") << "r100|aa\nr101|bbb\n";
  EXPECT_THAT(said(other.path()), HasSubstr("2 of 2 validation recordings"));
  std::filesystem::remove(other / "wavs");
  for (const char* name : {"r100", "r101"})
    testing::write_tone(other / "wavs" / (std::string(name) + ".wav"), 4000, 500);
  EXPECT_THAT(said(other.path()), ::testing::Not(HasSubstr("validation recordings")));
}

TEST_F(OpenSpeech, MetadataThatIsNoFileIsNamed) {
  write(4);
  const auto path = folder_ / "metadata.csv";
  const auto expect_refused = [&](const char* why) {
    EXPECT_THAT([&] { open_data(options()); },
                ThrowsMessage<DataError>(::testing::AllOf(HasSubstr(path.string()), HasSubstr(why))));
    std::filesystem::remove(path);
  };
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  expect_refused("it is no file");
  std::filesystem::create_directory(path);
  expect_refused("it is no file");
  std::filesystem::create_symlink("gone.csv", path);
  expect_refused("No such file");
}

TEST_F(OpenSpeech, ARecordingMayBeCalledId) {
  std::ofstream(folder_ / "metadata.csv") << "id|The fox.\na|The dog.\n";
  testing::write_tone(folder_ / "wavs/id.wav", 4000, 500);
  testing::write_tone(folder_ / "wavs/a.wav", 4000, 600);
  DataOptions all = options();
  all.val_fraction = 0;
  EXPECT_EQ(open_data(all).info.train_size, 2U);
  std::filesystem::remove(folder_ / "wavs/id.wav");
  std::ofstream(folder_ / "wavs/id.txt") << "no recording";
  EXPECT_EQ(open_data(all).info.train_size, 1U);
}

TEST_F(OpenSpeech, NothingToTrainOn) {
  std::ofstream(folder_ / "metadata.csv") << "x|a text much longer than its recording\n";
  testing::write_tone(folder_ / "wavs/x.wav", 1000, 500);
  EXPECT_THAT([&] { open_data(options()); },
              ThrowsMessage<DataError>(HasSubstr("more characters than frames")));
}

TEST_F(OpenSpeech, TheVoiceIsNotChanged) {
  write(4);
  DataOptions strong = options();
  strong.augment = Augment::kStrong;
  EXPECT_THAT([&] { open_data(strong); }, ThrowsMessage<UsageError>(HasSubstr("voice")));
}

}  // namespace
}  // namespace feedline

// Samples as waves, and a device that makes spectrograms of them, give what samples as spectrograms are.
#include "sound_files.hpp"
#include "speech_folder.hpp"
#include "temp_folder.hpp"

#include <feedline/batch/slot.hpp>
#include <feedline/data/audio/mel_transform.hpp>
#include <feedline/data/open_data.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace feedline {
namespace {

/// A batch of samples in memory of its own, by shape.
struct Batch {
  Batch(const BatchSpec& spec_of, const Dataset& set, std::uint64_t first, std::uint32_t count,
        std::uint32_t shape)
      : Batch(spec_of) {
    slot.begin({Split::kTrain, false, 0, 1, 0, count, shape});
    for (std::uint32_t row = 0; row < count; ++row) {
      std::vector<std::span<std::byte>> places;
      for (std::size_t tensor = 0; tensor < slot.layout().tensors().size(); ++tensor)
        places.push_back(slot.row(tensor, row));
      set.load({7, 1, first + row}, places);
    }
    slot.seal();
  }
  explicit Batch(const BatchSpec& spec_of)
      : spec(spec_of), memory(spec.slot_bytes()), slot(memory.data(), spec) {}

  BatchSpec spec;
  std::vector<std::byte> memory;
  Slot slot;
};

void expect_same_tensors(const Slot& made, const Slot& wanted) {
  ASSERT_EQ(made.layout(), wanted.layout());
  for (std::size_t tensor = 0; tensor < wanted.layout().tensors().size(); ++tensor) {
    for (std::uint32_t row = 0; row < wanted.header().count; ++row) {
      ASSERT_EQ(std::memcmp(made.row(tensor, row).data(), wanted.row(tensor, row).data(),
                            wanted.row(tensor, row).size()),
                0)
          << wanted.layout().tensors()[tensor].name << " of row " << row;
    }
  }
}

/// All samples of both sets, group by group, as spectrograms and by way of waves.
void expect_same_data(DataOptions options) {
  const DataSplits mels = open_data(options);
  options.sound.as_waves = true;
  const DataSplits waves = open_data(options);
  ASSERT_TRUE(waves.waves);
  EXPECT_FALSE(mels.waves);
  const BatchSpec spec = batch_spec_of(mels.info), wave_spec = prepared_spec_of(waves);
  EXPECT_EQ(prepared_spec_of(mels), spec);
  ASSERT_EQ(batch_spec_of(waves.info), spec) << "a model must not see a difference";
  EXPECT_EQ(waves.info.normalization.mean, mels.info.normalization.mean);
  const auto device = open_device(Device::cpu());
  const auto transform = make_mel_transform(wave_spec, waves.waves->mel, *device);
  ASSERT_EQ(transform->makes(), spec);
  const auto stream = device->make_stream();
  for (const bool train : {true, false}) {
    const Dataset& by_waves = train ? *waves.train : *waves.val;
    const Dataset& by_mels = train ? *mels.train : *mels.val;
    std::vector<std::uint64_t> groups = buckets_of(by_mels).sizes();
    if (groups.empty()) groups = {by_mels.size()};
    std::uint64_t first = 0;
    for (std::uint32_t shape = 0; shape < groups.size(); ++shape) {
      const auto count =
          static_cast<std::uint32_t>(std::min<std::uint64_t>(groups[shape], spec.layout(shape).capacity()));
      const Batch from(wave_spec, by_waves, first, count, shape), wanted(spec, by_mels, first, count, shape);
      const Batch made(spec);
      transform->run(from.slot, made.slot, *stream);
      stream->wait();
      expect_same_tensors(made.slot, wanted.slot);
      first += groups[shape];
    }
  }
}

class AsWaves : public testing::SpeechFolder {
 protected:
  DataOptions batches_of(std::uint32_t rows) {
    DataOptions options;
    options.train_data = folder_.path();
    options.batch_size = rows;
    return options;
  }
};

TEST_F(AsWaves, ClipsWithAndWithoutChanges) {
  for (const char* name : {"one", "two"}) {
    for (std::size_t i = 0; i < 12; ++i)
      testing::write_tone(folder_ / name / (std::to_string(i) + ".wav"), 3000 + 900 * i,
                          200 + 30.0 * double(i));
  }
  for (const Augment augment : {Augment::kNone, Augment::kBasic, Augment::kStrong}) {
    for (const CacheKind cache : {CacheKind::kNone, CacheKind::kDecoded}) {
      SCOPED_TRACE(static_cast<int>(augment));
      DataOptions options = batches_of(32);
      options.augment = augment;
      options.cache = cache;
      options.sound.clip_seconds = 1;
      expect_same_data(options);
    }
  }
}

TEST_F(AsWaves, SpeechOfSeveralShapes) {
  write(40);
  DataOptions options = batches_of(4);
  options.speech.max_shapes = 4;
  options.val_fraction = 0.2;
  expect_same_data(options);
}

TEST_F(AsWaves, SpeechOfWhisper) {
  write(10);
  DataOptions options = batches_of(4);
  options.sound.preset = "whisper-16k-80";
  expect_same_data(options);
}

}  // namespace
}  // namespace feedline

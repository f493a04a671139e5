#include "audio/audio_dataset.hpp"
#include "audio/duration_index.hpp"
#include "audio/why_not_decoded.hpp"
#include "memory_storage.hpp"
#include "sound_files.hpp"
#include "storage/folder_storage.hpp"
#include "temp_folder.hpp"

#include <feedline/data/sample_error.hpp>

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace feedline {
namespace {

using testing::make_wav;
using testing::MemoryStorage;
using testing::tone;

constexpr std::size_t kClip = 8000;

/// The same recordings in memory and in a folder.
class StoredRecordings : public ::testing::Test {
 protected:
  StoredRecordings() {
    std::vector<std::string> names;
    for (const MemoryStorage::File& file : files()) {
      testing::write_file(folder_ / file.name, file.bytes);
      names.push_back(file.name);
    }
    in_folder_ = std::make_shared<FolderStorage>(FileNames(folder_.path(), names));
  }

  static std::vector<MemoryStorage::File> files() {
    testing::WavKind stereo{24, false, false, 2, 44100};
    stereo.extra_chunk = 10'000;  // more than is read for a header at first
    testing::Bytes tagged = make_wav(tone(9000));
    testing::put(tagged, "LIST");
    testing::put(tagged, 4, 4);
    testing::put(tagged, "INFO");
    return {{"plain.wav", make_wav(tone(12'000))},
            {"stereo.wav", make_wav(tone(60'000, 300, 44100), stereo)},
            {"tagged.wav", tagged}};
  }

  static std::shared_ptr<SoundSource> source(std::shared_ptr<const Storage> storage,
                                             CacheKind cache = CacheKind::kNone) {
    return std::make_shared<SoundSource>(std::move(storage), mel_preset("phone-8k"), SoundOptions{}, cache,
                                         std::uint64_t{8} << 20);
  }

  static AudioDataset dataset(const std::shared_ptr<SoundSource>& source, Augment augment) {
    return {source, kClip, augment, AudioDataset::Makes::kMels, {2, 0, 1}, 3};
  }

  testing::TempFolder folder_, index_;
  std::shared_ptr<MemoryStorage> storage_ = std::make_shared<MemoryStorage>(files());
  std::shared_ptr<const Storage> in_folder_;
};

struct Clip {
  std::vector<float> mel;
  std::int64_t label = -1, frames = -1;

  bool operator==(const Clip&) const = default;
};

std::vector<Clip> clips(const Dataset& data) {
  std::vector<Clip> all;
  for (std::uint64_t id = 0; id < data.size(); ++id) {
    Clip& clip = all.emplace_back();
    clip.mel.assign(data.tensors()[0].sample_bytes() / sizeof(float), -1);
    const std::array<std::span<std::byte>, 3> places = {std::as_writable_bytes(std::span(clip.mel)),
                                                        std::as_writable_bytes(std::span(&clip.label, 1)),
                                                        std::as_writable_bytes(std::span(&clip.frames, 1))};
    data.load({7, 1, id}, places);
  }
  return all;
}

TEST_F(StoredRecordings, GiveTheSamplesOfAFolder) {
  for (const Augment augment : {Augment::kNone, Augment::kBasic, Augment::kStrong}) {
    const AudioDataset folder = dataset(source(in_folder_), augment);
    const auto expected = clips(folder);
    EXPECT_EQ(expected[0].label, 2);
    EXPECT_GT(expected[0].frames, 0);
    for (const CacheKind cache : {CacheKind::kNone, CacheKind::kEncoded, CacheKind::kDecoded}) {
      const AudioDataset data = dataset(source(storage_, cache), augment);
      EXPECT_EQ(clips(data), expected);
      EXPECT_EQ(clips(data), expected);
      EXPECT_EQ(fingerprint_of(data), fingerprint_of(folder));
    }
  }
}

TEST_F(StoredRecordings, HaveTheLengthsOfAFolder) {
  const auto lengths = measure_recordings(*storage_, {}), expected = measure_recordings(*in_folder_, {});
  ASSERT_EQ(lengths.size(), 3U);
  for (std::size_t id = 0; id < 3; ++id) {
    EXPECT_EQ(lengths[id].frames, expected[id].frames) << id;
    EXPECT_EQ(lengths[id].sample_rate, expected[id].sample_rate) << id;
    EXPECT_EQ(lengths[id].channels, expected[id].channels) << id;
  }
  EXPECT_EQ(lengths[0].frames, 12'000U);
  EXPECT_EQ(lengths[2].frames, 9000U);
}

TEST_F(StoredRecordings, AreMeasuredOnce) {
  measure_recordings(*storage_, index_.path());
  EXPECT_EQ(storage_->ranges, 4) << "the start of each, and the end of the one that goes on after its sound";
  EXPECT_EQ(storage_->reads, 1) << "the one whose header does not end in its first bytes";
  measure_recordings(*storage_, index_.path());
  EXPECT_EQ(storage_->ranges, 4);
  storage_->replace(0, make_wav(tone(500)));
  EXPECT_EQ(measure_recordings(*storage_, index_.path())[0].frames, 500U);
  EXPECT_EQ(storage_->ranges, 5);
}

TEST_F(StoredRecordings, ThatChangedAreNotTakenFromTheCache) {
  const auto cached = source(storage_, CacheKind::kEncoded);
  SoundWorkspace workspace;
  EXPECT_EQ(cached->wave(0, workspace).size(), 12'000U);
  EXPECT_EQ(cached->wave(0, workspace).size(), 12'000U);
  EXPECT_EQ(storage_->reads, 1);
  storage_->replace(0, make_wav(tone(5000)));
  EXPECT_EQ(cached->wave(0, workspace).size(), 5000U);
  EXPECT_EQ(storage_->reads, 2);
  cached->forget(0);
  EXPECT_EQ(storage_->forgotten, 1);
}

TEST_F(StoredRecordings, ThatAreBadNameTheirPlaceAndTheReason) {
  auto files = StoredRecordings::files();
  files[0].is_there = false;
  files[1].bytes.assign(100, std::byte{'x'});
  const auto storage = std::make_shared<MemoryStorage>(std::move(files));
  SoundWorkspace workspace;
  try {
    source(storage)->wave(0, workspace);
    FAIL();
  } catch (const SampleError& error) {
    EXPECT_EQ(error.path(), "memory:/plain.wav");
    EXPECT_EQ(error.reason(), "cannot be read: No such file or directory");
  }
  const std::array<std::uint64_t, 3> all = {0, 1, 2};
  const std::string reasons = why_not_decoded(*storage, all).text();
  EXPECT_NE(reasons.find("plain.wav"), std::string::npos) << reasons;
  EXPECT_NE(reasons.find("stereo.wav"), std::string::npos) << reasons;
  EXPECT_EQ(reasons.find("tagged.wav"), std::string::npos) << reasons;
  EXPECT_EQ(measure_recordings(*storage, {})[0].frames, 0U);
}

}  // namespace
}  // namespace feedline

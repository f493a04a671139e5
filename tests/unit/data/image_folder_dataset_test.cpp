#include "jpeg_files.hpp"
#include "jpeg_parts.hpp"
#include "loading.hpp"
#include "mixed_pictures.hpp"
#include "png_files.hpp"
#include "temp_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/open_data.hpp>
#include <feedline/data/sample_error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace feedline {
namespace {

using ::testing::HasSubstr;
using testing::load;
using testing::Loaded;
using testing::make_jpeg;
using testing::TempFolder;

constexpr std::uint32_t kSide = 32;

void put(const std::filesystem::path& file, const std::vector<std::byte>& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

struct Pictures : ::testing::Test {
  Pictures() {
    setenv("XDG_CACHE_HOME", (folder / "cache").c_str(), 1);
    const std::filesystem::path root = folder / "data";
    put(root / "a/0.jpg", make_jpeg({.width = 200, .height = 150}));
    put(root / "a/1.jpg", make_jpeg({.width = 90, .height = 160, .progressive = true}));
    put(root / "b/2.jpg", make_jpeg({.width = 400, .height = 300, .space = JCS_GRAYSCALE}));
    put(root / "b/3.png", testing::make_png({.width = 120, .height = 80}));
    put(root / "c/4.jpg", make_jpeg({.width = 1, .height = 1}));
    put(root / "c/5.jpg", testing::with_orientation(make_jpeg({.width = 300, .height = 200}), 6));
    options.train_data = root;
    options.val_fraction = 0;
    options.image_size = kSide;
    options.cache = CacheKind::kNone;
  }

  std::vector<Loaded> samples(Augment augment, CacheKind cache, std::uint32_t epochs = 3) {
    options.augment = augment;
    options.cache = cache;
    options.cache_bytes = std::uint64_t{8} << 20;
    const DataSplits data = open_data(options);
    std::vector<Loaded> result;
    for (std::uint32_t epoch = 0; epoch < epochs; ++epoch) {
      for (std::uint64_t id = 0; id < data.train->size(); ++id)
        result.push_back(load(*data.train, {options.seed, epoch, id}));
    }
    hits = cache_of(*data.train).hits;
    return result;
  }

  TempFolder folder;
  DataOptions options;
  std::uint64_t hits = 0;
};

TEST_F(Pictures, BecomeSamplesOfOneShape) {
  const DataSplits data = open_data(options);
  EXPECT_EQ(data.info.train_size, 6U);
  EXPECT_EQ(data.info.classes, 3U);
  EXPECT_EQ(data.class_names, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(data.info.tensors[0].shape, (std::vector<std::int64_t>{3, kSide, kSide}));
  std::vector<std::int64_t> labels;
  for (std::uint64_t id = 0; id < 6; ++id) labels.push_back(load(*data.train, {0, 0, id}).label);
  EXPECT_EQ(labels, (std::vector<std::int64_t>{0, 0, 1, 1, 2, 2}));
}

TEST_F(Pictures, AreTheSameBytesWhateverTheCache) {
  for (const Augment augment : {Augment::kNone, Augment::kBasic, Augment::kStrong}) {
    const auto none = samples(augment, CacheKind::kNone);
    EXPECT_EQ(hits, 0U);
    EXPECT_EQ(samples(augment, CacheKind::kEncoded), none);
    EXPECT_EQ(hits, 12U) << "every sample of the later two epochs";
    EXPECT_EQ(samples(augment, CacheKind::kDecoded), none);
    EXPECT_GT(hits, 6U);
  }
}

TEST_F(Pictures, OfAnySamplingAreTheSameBytesWhateverTheCache) {
  int number = 10;
  for (const auto& [horizontal, vertical] : {std::pair(1, 1), {2, 1}, {1, 2}, {4, 1}, {4, 2}}) {
    put(folder / "data/d" / (std::to_string(number++) + ".jpg"),
        make_jpeg({.width = 400, .height = 300, .horizontal = horizontal, .vertical = vertical}));
  }
  for (const Augment augment : {Augment::kNone, Augment::kBasic}) {
    const auto none = samples(augment, CacheKind::kNone);
    EXPECT_EQ(samples(augment, CacheKind::kEncoded), none);
    EXPECT_EQ(samples(augment, CacheKind::kDecoded), none);
    EXPECT_GT(hits, 0U);
  }
}

TEST_F(Pictures, AreTheSameBytesOnAnyThread) {
  options.augment = Augment::kStrong;
  const DataSplits data = open_data(options);
  std::vector<Loaded> one(6), other(6);
  for (std::uint64_t id = 0; id < 6; ++id) one[id] = load(*data.train, {3, 1, id});
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t id = 0; id < 6; ++id)
      threads.emplace_back([&, id] { other[id] = load(*data.train, {3, 1, id}); });
  }
  EXPECT_EQ(one, other);
}

TEST_F(Pictures, ChangeWithSeedAndEpoch) {
  const DataSplits data = open_data(options);
  EXPECT_NE(load(*data.train, {0, 0, 0}), load(*data.train, {0, 1, 0}));
  EXPECT_NE(load(*data.train, {0, 0, 0}), load(*data.train, {1, 0, 0}));
  EXPECT_EQ(load(*data.train, {0, 1, 0}), load(*data.train, {0, 1, 0}));
}

TEST_F(Pictures, ValidationIsNeverAugmented) {
  options.val_data = options.train_data;
  const DataSplits data = open_data(options);
  EXPECT_EQ(load(*data.val, {0, 0, 0}), load(*data.val, {5, 9, 0}));
}

// The turned picture, looked at, is the picture that is stored turned.
TEST_F(Pictures, AreTurnedAsTheySay) {
  const std::filesystem::path root = folder / "turned";
  const auto file = make_jpeg({.width = 200, .height = 200, .quality = 95});
  put(root / "x/1.jpg", file);
  put(root / "x/3.jpg", testing::with_orientation(file, 3));
  put(root / "y/1.jpg", file);
  options.train_data = root;
  options.augment = Augment::kNone;
  const DataSplits data = open_data(options);
  const Loaded plain = load(*data.train, {0, 0, 0}), turned = load(*data.train, {0, 0, 1});
  for (std::size_t channel = 0; channel < 3; ++channel) {
    constexpr std::size_t kPlane = std::size_t{kSide} * kSide;
    for (std::size_t i = 0; i < kPlane; ++i) {
      const auto a = std::to_integer<int>(plain.data[channel * kPlane + i]);
      const auto b = std::to_integer<int>(turned.data[channel * kPlane + kPlane - 1 - i]);
      ASSERT_NEAR(a, b, 1) << "half a turn reverses a plane";
    }
  }
}

std::string complaint(const Dataset& data, std::uint64_t id) {
  try {
    load(data, {0, 0, id});
  } catch (const SampleError& error) {
    return error.path() + ": " + error.reason();
  }
  return "";
}

TEST_F(Pictures, BadOnesNameFileAndReason) {
  const std::filesystem::path bad = folder / "data/bad";
  auto cut = make_jpeg({.width = 200, .height = 150});
  cut.resize(cut.size() / 2);
  put(bad / "cut.jpg", cut);
  put(bad / "empty.jpg", {});
  put(bad / "text.jpg", std::vector<std::byte>(300, std::byte{'t'}));
  std::filesystem::create_directory(bad / "sub");
  std::filesystem::create_directory_symlink("/no/such", bad / "dangling");
  const DataSplits data = open_data(options);
  std::map<std::string, std::string> complaints;
  for (std::uint64_t id = 0; id < data.train->size(); ++id) {
    const std::string text = complaint(*data.train, id);
    if (!text.empty()) complaints[std::filesystem::path(data.train->describe(id)).filename()] = text;
  }
  EXPECT_EQ(complaints.size(), 3U);
  EXPECT_THAT(complaints["cut.jpg"], HasSubstr("data/bad/cut.jpg: it ends early"));
  EXPECT_THAT(complaints["empty.jpg"], HasSubstr("empty"));
  EXPECT_THAT(complaints["text.jpg"], HasSubstr("neither JPEG nor PNG"));
}

// In every epoch anew, so that in the end nothing was left for the others.
TEST_F(Pictures, ThoseThatCannotBeDecodedTakeNoRoomOfTheCache) {
  auto cut = testing::make_png({.width = 120, .height = 80});
  cut.resize(cut.size() / 2);
  options.train_data = folder / "broken";
  put(options.train_data / "a/0.png", testing::make_png({}));
  put(options.train_data / "a/1.png", cut);
  put(options.train_data / "b/2.png", cut);
  options.cache = CacheKind::kDecoded;
  options.cache_bytes = std::uint64_t{8} << 20;
  const DataSplits data = open_data(options);
  EXPECT_EQ(complaint(*data.train, 0), "");
  const std::uint64_t bytes = cache_of(*data.train).bytes;
  for (int epoch = 0; epoch < 5; ++epoch) {
    EXPECT_NE(complaint(*data.train, 1), "");
    EXPECT_NE(complaint(*data.train, 2), "");
  }
  EXPECT_GT(bytes, 0U);
  EXPECT_EQ(cache_of(*data.train).bytes, bytes);
}

/// A sample and nothing, or none and the reason.
struct Outcome {
  Loaded sample;
  std::string reason;

  bool operator==(const Outcome&) const = default;
};

Outcome outcome(const Dataset& data, const SampleKey& key) {
  Outcome result;
  try {
    result.sample = load(data, key);
  } catch (const SampleError& error) {
    result.reason = error.reason();
  }
  return result;
}

// Good and damaged pictures of all kinds: what came before changes none of them, nor do caches.
TEST_F(Pictures, AreTheSameInAnyOrder) {
  const std::filesystem::path root = folder / "mixed";
  for (const auto& [name, bytes] : testing::mixed_pictures()) put(root / "x" / (name + ".jpg"), bytes);
  put(root / "y/plain.jpg", make_jpeg({}));
  options.train_data = root;
  options.cache_bytes = std::uint64_t{64} << 20;
  std::mt19937 random(9);
  for (const Augment augment : {Augment::kNone, Augment::kStrong}) {
    options.augment = augment;
    options.cache = CacheKind::kNone;
    std::vector<Outcome> alone;
    const std::uint64_t size = open_data(options).train->size();
    for (std::uint64_t id = 0; id < size; ++id)
      alone.push_back(outcome(*open_data(options).train, {options.seed, 0, id}));
    std::vector<std::uint64_t> order(alone.size());
    std::iota(order.begin(), order.end(), 0U);
    for (const CacheKind cache : {CacheKind::kNone, CacheKind::kEncoded, CacheKind::kDecoded}) {
      options.cache = cache;
      const DataSplits data = open_data(options);
      for (int round = 0; round < 3; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        for (const std::uint64_t id : order) {
          const Outcome result = outcome(*data.train, {options.seed, 0, id});
          ASSERT_EQ(result.reason, alone[id].reason) << data.train->describe(id);
          ASSERT_TRUE(result == alone[id]) << data.train->describe(id);
        }
      }
      std::atomic<int> wrong{0};
      std::vector<std::jthread> threads;
      for (int thread = 0; thread < 4; ++thread) {
        std::shuffle(order.begin(), order.end(), random);
        threads.emplace_back([&, order] {
          for (const std::uint64_t id : order)
            wrong += outcome(*data.train, {options.seed, 0, id}) == alone[id] ? 0 : 1;
        });
      }
      threads.clear();
      EXPECT_EQ(wrong, 0) << "on several threads";
    }
  }
}

TEST_F(Pictures, CheckSaysWhatIsDamagedThoughItIsUsed) {
  const std::filesystem::path root = folder / "damaged";
  const auto whole = make_jpeg({.width = 160, .height = 120});
  put(root / "a/0.jpg", whole);
  put(root / "a/1.jpg", testing::cut_with_end(whole, 0.5));
  put(root / "a/2.png", testing::make_png({}));
  put(root / "b/3.png", testing::with_chunks(testing::make_png({}), testing::png_chunk("tEXt", "a", false)));
  put(root / "b/4.jpg", {whole.begin(), whole.begin() + 700});
  put(root / "b/5.jpg", testing::with_marker(whole, 0xE1, testing::exif_start() + "no TIFF at all"));
  put(root / "b/6.jpg", testing::with_orientation(whole, 6));
  options.train_data = root;
  for (const CacheKind cache : {CacheKind::kNone, CacheKind::kDecoded}) {
    options.cache = cache;
    options.cache_bytes = std::uint64_t{8} << 20;
    const DataSplits data = open_data(options);
    for (std::uint64_t id = 0; id < 4; ++id) EXPECT_EQ(complaint(*data.train, id), "") << "all are used";
    EXPECT_EQ(data.train->parts().audit->check(0), "");
    EXPECT_THAT(data.train->parts().audit->check(1), HasSubstr("premature end of data segment"));
    EXPECT_EQ(data.train->parts().audit->check(2), "");
    EXPECT_THAT(data.train->parts().audit->check(3), HasSubstr("checksum"));
    EXPECT_THROW(data.train->parts().audit->check(4), SampleError);
    EXPECT_EQ(complaint(*data.train, 5), "");
    EXPECT_EQ(data.train->parts().audit->check(5), "its EXIF block cannot be read");
    EXPECT_EQ(data.train->parts().audit->check(6), "");
  }
}

// The part that is wanted was chosen by the size that the cache knows.
TEST_F(Pictures, AFileThatBecomesAnotherPictureIsABadSample) {
  const std::filesystem::path file = folder / "data/a/0.jpg";
  for (const bool png : {false, true}) {
    put(file, make_jpeg({.width = 900, .height = 700}));
    options.cache = CacheKind::kDecoded;
    options.cache_bytes = std::uint64_t{8} << 20;
    const DataSplits data = open_data(options);
    load(*data.train, {0, 0, 0});
    put(file, png ? testing::make_png({}) : make_jpeg({.width = 90, .height = 1700}));
    std::string words;
    for (std::uint32_t epoch = 0; epoch < 200 && words.empty(); ++epoch) {
      try {
        load(*data.train, {0, epoch, 0});
      } catch (const SampleError& error) {
        words = error.reason();
      }
    }
    EXPECT_THAT(words, HasSubstr("it is another picture than before: it had 900 x 700 pixels"));
  }
}

TEST_F(Pictures, AFileThatGoesAwayIsABadSample) {
  const DataSplits data = open_data(options);
  std::filesystem::remove(folder / "data/a/0.jpg");
  EXPECT_THAT(complaint(*data.train, 0), HasSubstr("No such file"));
}

TEST_F(Pictures, APartIsHeldOut) {
  options.val_fraction = 0.34;
  const DataSplits data = open_data(options);
  EXPECT_EQ(data.info.train_size, 4U);
  EXPECT_EQ(data.info.val_size, 2U);
}

TEST_F(Pictures, ValidationClassesGoByName) {
  put(folder / "val/b/x.jpg", make_jpeg({}));
  options.val_data = folder / "val";
  EXPECT_EQ(load(*open_data(options).val, {0, 0, 0}).label, 1);
  put(folder / "val/zebra/x.jpg", make_jpeg({}));
  try {
    open_data(options);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("'zebra'"));
  }
}

}  // namespace
}  // namespace feedline

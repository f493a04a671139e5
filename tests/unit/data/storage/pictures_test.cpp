#include "image/cache_plan.hpp"
#include "image/image_folder_dataset.hpp"
#include "jpeg_files.hpp"
#include "loading.hpp"
#include "memory_storage.hpp"
#include "png_files.hpp"
#include "temp_folder.hpp"

#include <feedline/data/open_data.hpp>
#include <feedline/data/sample_error.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace feedline {
namespace {

using testing::load;
using testing::Loaded;
using testing::make_jpeg;
using testing::MemoryStorage;

constexpr std::uint32_t kSide = 32;

/// The same pictures in memory and in a folder, of the classes 0, 0, 1 and 1.
class StoredPictures : public ::testing::Test {
 protected:
  StoredPictures() {
    setenv("XDG_CACHE_HOME", (folder_ / "cache").c_str(), 1);
    for (const MemoryStorage::File& file : files())
      folder_.write("data/" + file.name,
                    std::string(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()));
  }
  ~StoredPictures() override { unsetenv("XDG_CACHE_HOME"); }

  static std::vector<MemoryStorage::File> files() {
    return {{"a/0.jpg", make_jpeg({.width = 200, .height = 150})},
            {"a/1.png", testing::make_png({.width = 120, .height = 80})},
            {"b/2.jpg", make_jpeg({.width = 90, .height = 160, .progressive = true})},
            {"b/3.jpg", make_jpeg({.width = 400, .height = 300, .space = JCS_GRAYSCALE})}};
  }

  static ImageFolderDataset dataset(std::shared_ptr<const Storage> storage, Augment augment,
                                    CacheKind cache = CacheKind::kNone) {
    const auto classes = std::make_shared<std::uint32_t[]>(storage->size());
    for (std::uint64_t id = 0; id < storage->size(); ++id)
      classes[static_cast<std::ptrdiff_t>(id)] = storage->name(id)[0] == 'a' ? 0 : 1;
    const auto source = std::make_shared<PictureSource>(std::move(storage), cache, std::uint64_t{8} << 20);
    return {source, kSide, augment, FileLabels(classes, {0, 1}), 2};
  }

  DatasetPtr in_folder(Augment augment) const {
    DataOptions options;
    options.train_data = folder_ / "data";
    options.val_fraction = 0;
    options.image_size = kSide;
    options.augment = augment;
    options.cache = CacheKind::kNone;
    return open_data(options).train;
  }

  testing::TempFolder folder_;
  std::shared_ptr<MemoryStorage> storage_ = std::make_shared<MemoryStorage>(files());
};

std::vector<Loaded> samples(const Dataset& data) {
  std::vector<Loaded> all;
  for (std::uint32_t epoch = 0; epoch < 2; ++epoch)
    for (std::uint64_t id = 0; id < data.size(); ++id) all.push_back(load(data, {7, epoch, id}));
  return all;
}

TEST_F(StoredPictures, GiveTheSamplesOfAFolder) {
  for (const Augment augment : {Augment::kNone, Augment::kBasic, Augment::kStrong}) {
    const DatasetPtr folder = in_folder(augment);
    const auto expected = samples(*folder);
    ASSERT_EQ(expected.size(), 8U);
    EXPECT_EQ(expected[3].label, 1);
    for (const CacheKind cache : {CacheKind::kNone, CacheKind::kEncoded, CacheKind::kDecoded}) {
      const ImageFolderDataset data = dataset(storage_, augment, cache);
      EXPECT_EQ(samples(data), expected);
      EXPECT_EQ(fingerprint_of(data), fingerprint_of(*folder));
      EXPECT_EQ(cache_of(data).kind, cache);
    }
  }
}

TEST_F(StoredPictures, AreReadOncePerSample) {
  samples(dataset(storage_, Augment::kBasic));
  EXPECT_EQ(storage_->reads, 8);
  samples(dataset(storage_, Augment::kBasic, CacheKind::kEncoded));
  EXPECT_EQ(storage_->reads, 12);
}

TEST_F(StoredPictures, ThatAreBadNameTheirPlaceAndTheReason) {
  auto files = StoredPictures::files();
  files[1].is_there = false;
  files[2].bytes.resize(files[2].bytes.size() / 2);
  const ImageFolderDataset data = dataset(std::make_shared<MemoryStorage>(std::move(files)), Augment::kNone);
  const auto complaint = [&](std::uint64_t id) -> std::string {
    try {
      load(data, {0, 0, id});
    } catch (const SampleError& error) {
      return error.path() + ": " + error.reason();
    }
    return "";
  };
  EXPECT_EQ(complaint(0), "");
  EXPECT_EQ(complaint(1), "memory:/a/1.png: cannot be read: No such file or directory");
  EXPECT_NE(complaint(2).find("memory:/b/2.jpg: it ends early"), std::string::npos) << complaint(2);
  EXPECT_EQ(data.parts().audit->check(3), "");
  EXPECT_EQ(data.describe(3), "memory:/b/3.jpg");
}

TEST_F(StoredPictures, AreAnnouncedWhileReadingIsSlow) {
  const ImageFolderDataset data = dataset(storage_, Augment::kNone);
  data.parts().hints->read_ahead(1);
  EXPECT_EQ(storage_->announced, 0);
  storage_->pause = std::chrono::milliseconds(20);
  load(data, {0, 0, 0});
  data.parts().hints->read_ahead(1);
  EXPECT_EQ(storage_->announced, 1);
  data.parts().hints->forget(1);
  EXPECT_EQ(storage_->forgotten, 1);
}

TEST_F(StoredPictures, AreMeasuredForTheCache) {
  const auto costs = measure_pictures(*storage_, kSide, 10);
  ASSERT_TRUE(costs);
  EXPECT_EQ(storage_->reads, 4);
  EXPECT_GT(costs->file_bytes, 0);
  EXPECT_GT(costs->decoded_bytes, 0);
}

}  // namespace
}  // namespace feedline

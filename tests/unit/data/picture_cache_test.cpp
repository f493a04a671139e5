#include "image/picture_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

namespace feedline {
namespace {

constexpr std::uint64_t kRoom = 64 * 1024;

void keep(PictureCache& cache, std::uint64_t id, std::uint32_t shrink, std::size_t bytes) {
  PictureCache::Entry* entry = cache.make(bytes);
  if (entry == nullptr) return;
  entry->shrink = shrink;
  std::memset(entry->data(), static_cast<int>(id + shrink), bytes);
  cache.keep(id, entry);
}

TEST(PictureCache, KeepsSeveralSizesOfAPicture) {
  PictureCache cache(CacheKind::kDecoded, kRoom, 10);
  EXPECT_EQ(cache.any(3), nullptr);
  keep(cache, 3, 1, 1000);
  keep(cache, 3, 2, 500);
  ASSERT_NE(cache.find(3, 1), nullptr);
  ASSERT_NE(cache.find(3, 2), nullptr);
  EXPECT_EQ(cache.find(3, 4), nullptr);
  EXPECT_EQ(cache.find(4, 1), nullptr);
  EXPECT_EQ(cache.find(3, 2)->bytes, 500U);
  EXPECT_EQ(std::to_integer<int>(cache.find(3, 2)->data()[499]), 5);
}

TEST(PictureCache, NeverTakesMoreThanItsBytes) {
  PictureCache cache(CacheKind::kEncoded, kRoom, 100);
  for (std::uint64_t id = 0; id < 100; ++id) keep(cache, id, 0, 3000);
  EXPECT_LE(cache.stats().bytes, kRoom);
  EXPECT_GT(cache.stats().bytes, kRoom - 4000);
  EXPECT_NE(cache.find(0, 0), nullptr) << "what came first stays";
  EXPECT_EQ(cache.find(99, 0), nullptr);
}

TEST(PictureCache, RoomThatIsGivenBackIsForOthers) {
  PictureCache cache(CacheKind::kDecoded, kRoom, 100);
  for (int i = 0; i < 1000; ++i) cache.give_back(cache.make(3000));
  EXPECT_EQ(cache.stats().bytes, 0U) << "it was the newest";

  PictureCache::Entry* failed = cache.make(3000);
  keep(cache, 0, 1, 3000);
  const std::uint64_t both = cache.stats().bytes;
  cache.give_back(failed);
  EXPECT_LT(cache.stats().bytes, both);
  keep(cache, 1, 1, 4000);
  keep(cache, 2, 1, 2900);
  EXPECT_EQ(cache.find(2, 1), failed);
  EXPECT_EQ(cache.find(2, 1)->bytes, 2900U);
  EXPECT_EQ(std::to_integer<int>(cache.find(1, 1)->data()[3999]), 2);
  EXPECT_EQ(std::to_integer<int>(cache.find(0, 1)->data()[2999]), 1);
}

TEST(PictureCache, ThreadsGiveRoomBackTogether) {
  PictureCache cache(CacheKind::kDecoded, 1 << 20, 4);
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t t = 0; t < 4; ++t) {
      threads.emplace_back([&cache] {
        for (int i = 0; i < 2000; ++i) {
          PictureCache::Entry* entry = cache.make(3000);
          if (entry != nullptr) cache.give_back(entry);
        }
      });
    }
  }
  EXPECT_EQ(cache.stats().bytes, 0U);
  keep(cache, 1, 1, 3000);
  EXPECT_NE(cache.find(1, 1), nullptr);
}

TEST(PictureCache, WithoutRoomThereIsNone) {
  PictureCache cache(CacheKind::kDecoded, 0, 10);
  EXPECT_EQ(cache.kind(), CacheKind::kNone);
  EXPECT_EQ(cache.any(3), nullptr);
}

TEST(PictureCache, ThreadsFillItTogether) {
  PictureCache cache(CacheKind::kDecoded, 1 << 20, 50);
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t t = 0; t < 4; ++t) {
      threads.emplace_back([&cache, &wrong, t] {
        for (std::uint64_t i = 0; i < 200; ++i) {
          const std::uint64_t id = (i * 7 + t) % 50;
          if (cache.find(id, 1) == nullptr) keep(cache, id, 1, 300);
          const PictureCache::Entry* entry = cache.find(id, 1);
          if (entry == nullptr || std::to_integer<std::uint64_t>(entry->data()[299]) != id + 1) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace feedline

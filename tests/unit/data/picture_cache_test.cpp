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

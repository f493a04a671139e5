#include "ogg_page.hpp"

#include <cstring>

namespace feedline {
namespace {

constexpr std::size_t kFlagsAt = 5, kSerialAt = 14, kSegmentsAt = 26, kHeader = 27;
constexpr std::byte kStartsStream{2};

}  // namespace

std::optional<OggPage> ogg_page_at(std::span<const std::byte> file, std::size_t at) noexcept {
  const auto rest = file.subspan(at);
  if (rest.size() < kHeader || std::memcmp(rest.data(), "OggS\0", 5) != 0) return std::nullopt;
  const auto count = std::to_integer<std::size_t>(rest[kSegmentsAt]);
  if (rest.size() < kHeader + count) return std::nullopt;
  OggPage page;
  page.segments = rest.subspan(kHeader, count);
  std::size_t size = 0;
  for (const std::byte segment : page.segments) size += std::to_integer<std::size_t>(segment);
  if (rest.size() < kHeader + count + size) return std::nullopt;
  page.body = rest.subspan(kHeader + count, size);
  page.begin = at;
  page.end = at + kHeader + count + size;
  std::memcpy(&page.granule, rest.data() + OggPage::kGranuleAt, sizeof page.granule);
  std::memcpy(&page.serial, rest.data() + kSerialAt, sizeof page.serial);
  page.starts_stream = (rest[kFlagsAt] & kStartsStream) != std::byte{0};
  return page;
}

}  // namespace feedline

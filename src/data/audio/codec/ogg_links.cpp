#include "ogg_links.hpp"

#include "bytes.hpp"
#include "decode_error.hpp"
#include "ogg_page.hpp"
#include "vorbis_start.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace feedline {
namespace {

/// The streams that begin together, up to where others begin.
struct Group {
  std::vector<OggPage> pages;

  std::size_t starts() const noexcept {
    const auto first_other =
        std::find_if_not(pages.begin(), pages.end(), [](const OggPage& page) { return page.starts_stream; });
    return static_cast<std::size_t>(first_other - pages.begin());
  }
};

bool is_sound(std::string_view body) noexcept {
  constexpr std::array<std::string_view, 4> kStarts = {"\x01vorbis", "OpusHead", "\177FLAC", "Speex   "};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return body.starts_with(start); });
}

struct OggPages {
  std::vector<Group> groups;
  bool cut = false;   ///< the last page is not whole
  bool gaps = false;  ///< bytes between the pages
};

OggPages find_pages(std::span<const std::byte> file) {
  OggPages found;
  bool within = true;
  for (std::size_t at = 0, end = 0, next = 0; at < file.size();) {
    const auto page = ogg_page_at(file, at);
    if (!page) {
      at = std::min(text_of(file).find("OggS", next), file.size());
      next = at + 1;
      continue;
    }
    if ((page->starts_stream && within) || found.groups.empty()) found.groups.emplace_back();
    within = !page->starts_stream;
    found.gaps = found.gaps || at != end;
    found.groups.back().pages.push_back(*page);
    next = at + 1;  // within the page, whose size may be wrong
    at = end = page->end;
  }
  const std::size_t end = found.groups.empty() ? 0 : found.groups.back().pages.back().end;
  found.cut = text_of(file.subspan(end)).starts_with("OggS");
  return found;
}

/// The pages of its stream of sound alone.
std::vector<std::byte> take_apart(std::span<const std::byte> file, const Group& group) {
  std::optional<std::uint32_t> serial;
  for (const OggPage& page : group.pages) {
    if (!page.starts_stream || !is_sound(text_of(page.body))) continue;
    if (serial && *serial != page.serial)
      throw DecodeError(
          "it holds several streams of sound side by side; `ffmpeg -i FILE -map 0:a:0 NEW.wav` takes the "
          "first");
    serial = page.serial;
  }
  if (!serial) throw DecodeError("it is an Ogg file without a stream of sound that is known");
  std::vector<std::byte> out;
  for (const OggPage& page : group.pages) {
    if (page.serial != serial) continue;
    const auto bytes = file.subspan(page.begin, page.end - page.begin);
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

}  // namespace

SoundLinks find_ogg_links(std::span<const std::byte> file) {
  SoundLinks found;
  if (!text_of(file).starts_with("OggS")) return found;
  const OggPages all = find_pages(file);
  found.truncated = all.cut;
  found.damaged = all.gaps;
  for (const Group& group : all.groups) {
    SoundLink link;
    if (group.starts() > 1)
      link.front = take_apart(file, group);
    else
      link.rest = file.subspan(group.pages.front().begin, group.pages.back().end - group.pages.front().begin);
    if (auto moved = with_times_from_zero(link.front.empty() ? link.rest : link.front); !moved.empty()) {
      link.front = std::move(moved);
      link.rest = {};
    }
    found.links.push_back(std::move(link));
  }
  return found;
}

}  // namespace feedline

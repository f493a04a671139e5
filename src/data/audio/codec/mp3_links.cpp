#include "mp3_links.hpp"

#include "mp3_reservoir.hpp"
#include "mp3_streams.hpp"

#include <limits>

namespace feedline {
namespace {

/// Whether the size that the Info frame says is there; tags at the file's end may count.
bool has_all_bytes(const Mp3Stream& stream, std::size_t file_bytes) noexcept {
  const std::uint32_t said = stream.info->bytes;
  return said == stream.end() - stream.begin || said == file_bytes - stream.begin;
}

/// Whether libsndfile decodes just what is there.
bool is_right(const Mp3Stream& stream) noexcept {
  return stream.info && stream.info->is_xing && stream.info->frames == stream.frames &&
         stream.runs.size() == 1;
}

/// Whether there was more of it once.
bool is_cut(const Mp3Stream& stream, std::size_t file_bytes) noexcept {
  return stream.info && stream.info->frames > stream.frames && !has_all_bytes(stream, file_bytes);
}

/// What the encoder put around the recording, as far as it is there: of a stream that was cut short, or was
/// put before another one that says nothing of itself, its end is not known.
std::optional<Mp3Padding> padding_left(const Mp3Stream& stream, std::size_t file_bytes) noexcept {
  if (!stream.info || !stream.info->padding) return std::nullopt;
  Mp3Padding padding = *stream.info->padding;
  const bool says = stream.info->frames != 0 || stream.info->bytes != 0;
  if (says && stream.info->frames != stream.frames && !has_all_bytes(stream, file_bytes)) padding.behind = 0;
  if (padding.before + padding.behind + kMp3DecoderDelay >= stream.samples()) return Mp3Padding{};
  return padding;
}

/// The frames of sound; those that need bytes that are lost, behind a gap or before the stream, become
/// silent.
void append_sound(std::span<const std::byte> file, const Mp3Stream& stream, bool begins_whole,
                  SoundLink& link) {
  for (std::size_t i = 0; i < stream.runs.size(); ++i) {
    const auto& run = stream.runs[i];
    auto bytes = file.subspan(run.begin, run.end - run.begin);
    if (stream.format.is_layer3 && (run.after_gap || (i == 0 && !begins_whole)))
      bytes = bytes.subspan(append_without_orphans(link.front, bytes));
    if (stream.runs.size() == 1)
      link.rest = bytes;
    else
      link.front.insert(link.front.end(), bytes.begin(), bytes.end());
  }
}

/// Samples of silence before a stream: a multiple of what brings libmpg123's filters to where they began, so
/// that not a bit of the sound becomes another one.
constexpr std::uint32_t kLead = 4608;

/// An Info frame that says the truth. libmpg123 takes its own delay off the beginning of every stream with
/// one: before a stream that had none, silence is put, which is taken off with the delay.
SoundLink with_right_info(std::span<const std::byte> file, const Mp3Stream& stream) {
  const auto like = file.subspan(stream.runs.front().begin, kMp3Header);
  const bool had_info = stream.info && stream.info->is_xing;
  Mp3Info info;
  info.frames = static_cast<std::uint32_t>(stream.frames);
  info.padding = padding_left(stream, file.size());
  SoundLink link;
  const std::uint32_t lead = had_info ? 0 : kLead / stream.format.samples;
  info.frames += lead;
  if (!had_info) info.padding = {kLead - kMp3DecoderDelay, kMp3DecoderDelay};
  append_mp3_info(link.front, like, info);
  for (std::uint32_t i = 0; i < lead; ++i) append_silent_mp3_frame(link.front, like);
  append_sound(file, stream, had_info, link);
  return link;
}

/// Of layer II no frame says how many there are: libsndfile guesses it by the size of the first ones and of
/// the file. Silence that is never decoded makes the guess large enough.
SoundLink of_layer2(std::span<const std::byte> file, const Mp3Stream& stream) {
  constexpr std::uint32_t kPadding = 1;
  SoundLink link;
  const bool constant = stream.most_bytes - stream.least_bytes <= kPadding;
  if (constant && stream.runs.size() == 1) {
    link.rest = file.subspan(stream.begin, stream.end() - stream.begin);
    return link;
  }
  append_sound(file, stream, true, link);
  link.front.insert(link.front.begin(), link.rest.begin(), link.rest.end());
  link.rest = {};
  link.front.resize((stream.frames + 1) * stream.most_bytes);
  return link;
}

/// With the tags behind it if the Info frame counts them: libmpg123 says so when its size is wrong.
SoundLink as_it_is(std::span<const std::byte> file, const Mp3Stream& stream) {
  const bool with_tags = stream.info->bytes == file.size() - stream.begin;
  const std::size_t end = with_tags ? file.size() : stream.end();
  SoundLink link;
  link.rest = file.subspan(stream.begin, end - stream.begin);
  return link;
}

}  // namespace

SoundLinks find_mp3_links(std::span<const std::byte> file) {
  const Mp3Streams found = find_mp3_streams(file);
  SoundLinks links;
  links.truncated = found.cut;
  links.damaged = found.gaps;
  for (const Mp3Stream& stream : found.streams) {
    if (stream.frames > std::numeric_limits<std::uint32_t>::max() / 2) return {};
    links.truncated = links.truncated || is_cut(stream, file.size());
    SoundLink link = !stream.format.is_layer3 ? of_layer2(file, stream)
                     : is_right(stream)       ? as_it_is(file, stream)
                                              : with_right_info(file, stream);
    link.counted = true;
    link.most_frames = stream.samples();
    links.links.push_back(std::move(link));
  }
  return links;
}

}  // namespace feedline

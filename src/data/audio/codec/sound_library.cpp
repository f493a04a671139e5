#include "sound_library.hpp"

#include "decode_error.hpp"
#include "foreign_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <shared_mutex>
#include <string>

namespace feedline {
namespace {

using Memory = LibrarySound::Memory;

/// Sound that is packed more densely is hardly more than silence; rather than a length to be believed, it is
/// mostly a file whose writer was stopped before it knew the length.
constexpr std::uint64_t kMostFramesOfAByte = 256;

sf_count_t get_length(void* user) {
  const auto& memory = *static_cast<Memory*>(user);
  return static_cast<sf_count_t>(memory.front.size() + memory.rest.size());
}

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  auto& memory = *static_cast<Memory*>(user);
  const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? memory.at : get_length(user);
  memory.at = std::clamp<sf_count_t>(from + offset, 0, get_length(user));
  return memory.at;
}

/// A FLAC file whose number of samples is made 0, unknown: libsndfile stops at the number, which may be too
/// small.
void forget_flac_length(void* out, sf_count_t at, sf_count_t taken) noexcept {
  constexpr sf_count_t kTotal = 21, kTotalEnd = 26;  // 36 bits, from the middle of the first byte
  for (sf_count_t i = std::max(at, kTotal); i < std::min(at + taken, kTotalEnd); ++i)
    static_cast<std::byte*>(out)[i - at] &= i == kTotal ? std::byte{0xF0} : std::byte{0};
}

bool is_flac(std::span<const std::byte> file) noexcept {
  return file.size() >= 26 && std::memcmp(file.data(), "fLaC\0", 5) == 0;
}

/// What the header of a FLAC file says; 0: nothing.
std::uint64_t flac_frames(std::span<const std::byte> file) noexcept {
  std::uint64_t total = std::to_integer<std::uint64_t>(file[21] & std::byte{0x0F});
  for (std::size_t i = 22; i < 26; ++i) total = total << 8U | std::to_integer<std::uint64_t>(file[i]);
  return total;
}

/// `count` bytes from `at`, which are there.
void copy(const Memory& memory, std::byte* out, std::size_t at, std::size_t count) noexcept {
  const std::size_t of_front = at < memory.front.size() ? std::min(count, memory.front.size() - at) : 0;
  if (of_front > 0) std::memcpy(out, memory.front.data() + at, of_front);
  if (count == of_front) return;
  std::memcpy(out + of_front, memory.rest.data() + (at + of_front - memory.front.size()), count - of_front);
}

sf_count_t read_bytes(void* out, sf_count_t count, void* user) {
  auto& memory = *static_cast<Memory*>(user);
  const sf_count_t taken =
      std::clamp<sf_count_t>(get_length(user) - memory.at, 0, std::max<sf_count_t>(count, 0));
  copy(memory, static_cast<std::byte*>(out), static_cast<std::size_t>(memory.at),
       static_cast<std::size_t>(taken));
  if (memory.front.empty() && is_flac(memory.rest)) forget_flac_length(out, memory.at, taken);
  memory.at += taken;
  return taken;
}

sf_count_t write_bytes(const void*, sf_count_t, void*) {
  return 0;
}

sf_count_t tell(void* user) {
  return static_cast<Memory*>(user)->at;
}

/// libsndfile keeps the reason why it refuses a file in one variable for all threads.
std::shared_mutex reason_mutex;

UniqueHandle<SndfileTraits> open_in_memory(Memory& memory, SF_INFO& info) {
  SF_VIRTUAL_IO io{get_length, seek, read_bytes, write_bytes, tell};
  return UniqueHandle<SndfileTraits>(sf_open_virtual(&io, SFM_READ, &info, &memory));
}

/// Of a file that was refused: refused once more, while no other thread opens one.
std::string reason_of_refusal(Memory memory) {
  const std::unique_lock lock(reason_mutex);
  memory.at = 0;
  SF_INFO info{};
  const auto file = open_in_memory(memory, info);
  return sf_strerror(nullptr);
}

[[noreturn]] void refuse(const Memory& memory) {
  if (const std::string_view kind = foreign_kind(memory.rest); !kind.empty())
    throw DecodeError(fmt::format("it is {}, whatever its name says{}", kind, foreign_remedy(kind)));
  throw DecodeError(fmt::format("it is no recording that can be read ({})", reason_of_refusal(memory)));
}

std::string_view name_of(int format) noexcept {
  switch (format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX:
    case SF_FORMAT_RF64:
      return "WAV";
    case SF_FORMAT_FLAC:
      return "FLAC";
    case SF_FORMAT_OGG:
      return "OGG";
    case SF_FORMAT_MPEG:
      return "MP3";
    default:
      return "sound";
  }
}

}  // namespace

LibrarySound::LibrarySound(const SoundLink& link)
    : memory_{link.front, link.rest}, most_frames_(link.most_frames) {
  SF_INFO info{};
  {
    const std::shared_lock lock(reason_mutex);
    file_ = open_in_memory(memory_, info);
  }
  if (!file_) refuse(memory_);
  if (info.channels <= 0 || info.channels > static_cast<int>(kMostSoundChannels))
    throw DecodeError(fmt::format("its header is damaged: {} channels", info.channels));
  if (info.samplerate < static_cast<int>(kLeastSoundRate) ||
      info.samplerate > static_cast<int>(kMostSoundRate))
    throw DecodeError(fmt::format("its header is damaged: {} samples a second", info.samplerate));
  header_ = {static_cast<std::uint32_t>(info.samplerate), static_cast<std::uint32_t>(info.channels),
             static_cast<std::uint64_t>(std::max<sf_count_t>(info.frames, 0)), true, name_of(info.format)};
  const std::size_t bytes = link.front.size() + link.rest.size();
  if (link.front.empty() && is_flac(link.rest)) header_.frames = flac_frames(link.rest);
  header_.frames = std::min(header_.frames, link.most_frames);
  const bool believed =
      header_.format != "MP3" && header_.frames > 0 && header_.frames / kMostFramesOfAByte < bytes;
  header_.frames_known = link.counted || believed;
}

std::size_t LibrarySound::read(std::span<float> out) {
  const std::uint64_t left = most_frames_ - read_frames_;
  const auto wanted = static_cast<sf_count_t>(std::min<std::uint64_t>(out.size() / header_.channels, left));
  if (wanted == 0) return 0;
  const sf_count_t got = sf_readf_float(file_.get(), out.data(), wanted);
  if (sf_error(file_.get()) != SF_ERR_NO_ERROR)
    throw DecodeError(fmt::format("its sound is damaged ({})", sf_strerror(file_.get())));
  read_frames_ += static_cast<std::uint64_t>(std::max<sf_count_t>(got, 0));
  return static_cast<std::size_t>(std::max<sf_count_t>(got, 0));
}

}  // namespace feedline

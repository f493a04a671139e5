#include "sound_header.hpp"

#include "decode_error.hpp"
#include "file_buffer.hpp"
#include "flac_end.hpp"
#include "sound_decoder.hpp"
#include "wav_end.hpp"

#include <feedline/common/posix.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>

namespace feedline {
namespace {

constexpr std::size_t kStart = 4096;

/// Whether the header's size of the samples is to be believed.
bool ends_well(int fd, const WavHeader& wav, std::uint64_t file_bytes) {
  const std::uint64_t end = wav.data_begin + wav.said_bytes;
  if (end >= file_bytes) return true;
  std::array<std::byte, kWavEndSeen> behind;
  const ssize_t got = ::pread(fd, behind.data(), behind.size(), static_cast<off_t>(end));
  return got > 0 && is_wav_end(std::span<const std::byte>(behind).first(static_cast<std::size_t>(got)),
                               file_bytes - end);
}

/// Of a WAV file from its first bytes; nothing for other files, and where these do not suffice.
std::optional<SoundHeader> header_from_start(int folder_fd, const char* name) {
  const UniqueFd fd(::openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat facts {};
  if (!fd || fstat(fd.get(), &facts) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot be read");
  std::array<std::byte, kStart> start;
  const ssize_t got = S_ISREG(facts.st_mode) ? ::pread(fd.get(), start.data(), start.size(), 0) : 0;
  const auto bytes = std::span<const std::byte>(start).first(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (!is_wav(bytes)) return std::nullopt;
  try {
    const WavHeader wav = parse_wav(bytes, static_cast<std::uint64_t>(facts.st_size));
    if (wav.coding == WavCoding::kOther ||
        !ends_well(fd.get(), wav, static_cast<std::uint64_t>(facts.st_size)))
      return std::nullopt;
    return SoundHeader{wav.sample_rate, wav.channels, wav.frames(), true, "WAV"};
  } catch (const WavStartTooShort&) {
    return std::nullopt;
  }
}

}  // namespace

SoundHeader read_sound_header(std::span<const std::byte> file) {
  SoundHeader header = SoundDecoder().open(file);
  if (header.format == "FLAC" && flac_frames_at_end(file) > header.frames) header.frames_known = false;
  return header;
}

SoundHeader read_sound_header(int folder_fd, const char* name) {
  if (const auto header = header_from_start(folder_fd, name)) return *header;
  FileBuffer buffer;
  return read_sound_header(buffer.read(folder_fd, name));
}

}  // namespace feedline

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// How samples are written in a WAV file.
enum class WavCoding : std::uint8_t {
  kUnsigned8,
  kSigned16,
  kSigned24,
  kSigned24In32,  ///< three of four bytes, at the end that the samples show
  kPartOf32,      ///< the `valid_bits` of four bytes, at the high end unless the samples show the low one
  kSigned32,
  kFloat32,
  kFloat64,
  kOther
};

/// The header of a WAV file.
struct WavHeader {
  /// kOther: A-law and others, which this program does not decode itself.
  WavCoding coding = WavCoding::kOther;
  std::uint32_t sample_rate = 0;
  std::uint32_t channels = 0;
  std::uint32_t valid_bits = 0;   ///< of each sample, as the header says
  std::uint32_t block_bytes = 0;  ///< one sample of every channel
  std::uint64_t data_begin = 0;   ///< in the file
  std::uint64_t data_bytes = 0;   ///< that the file really has; whole blocks, but of kOther all
  std::uint64_t said_bytes = 0;   ///< of samples, as the header says, but no more than there are
  std::uint64_t file_end = 0;     ///< by the file's own size; all ones: it is not known
  std::uint16_t format = 0;       ///< its tag: 1 for PCM
  std::uint64_t format_begin = 0, format_bytes = 0;  ///< of the chunk
  bool is_odd = false;     ///< a reader that believes all sizes would not find just these samples
  bool truncated = false;  ///< the header promised more
  bool damaged = false;    ///< bytes behind the samples are none of the file's

  std::uint64_t frames() const noexcept { return block_bytes == 0 ? 0 : data_bytes / block_bytes; }
};

/// Whether the file begins as a WAV file does (RIFF, RF64 or BW64).
bool is_wav(std::span<const std::byte> file) noexcept;

/// Reads the header from the beginning of a file of `file_bytes`. A data size of 0 or of all ones, as writers
/// that never finished leave it, stands for all that follows, up to the known chunks at the file's end; so
/// does one larger than the file. Throws DecodeError; WavStartTooShort when more of the file than `start` is
/// needed.
struct WavStartTooShort {};
WavHeader parse_wav(std::span<const std::byte> start, std::uint64_t file_bytes);

}  // namespace feedline

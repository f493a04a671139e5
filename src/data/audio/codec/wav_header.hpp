#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace feedline {

/// The coding of samples in a WAV file.
enum class WavCoding : std::uint8_t {
  kUnsigned8,
  kSigned16,
  kSigned24,
  kSigned24In32,  ///< Three of four bytes; the samples show which
  kPartOf32,      ///< The `valid_bits` of four bytes, at the high end unless the samples show the low one
  kSigned32,
  kFloat32,
  kFloat64,
  kOther
};

/// The header of a WAV file.
struct WavHeader {
  /// kOther: A-law and other codings that this program does not decode itself.
  WavCoding coding = WavCoding::kOther;
  std::uint32_t sample_rate = 0;
  std::uint32_t channels = 0;
  std::uint32_t valid_bits = 0;   ///< Bits of each sample that the header states
  std::uint32_t block_bytes = 0;  ///< Bytes of one sample of every channel
  std::uint64_t data_begin = 0;   ///< Offset in the file
  std::uint64_t data_bytes = 0;   ///< Bytes that the file really has: whole blocks, except for kOther
  std::uint64_t said_bytes = 0;   ///< Bytes of samples that the header states, at most those that there are
  std::uint64_t file_end = 0;     ///< End by the size that the file states; all ones: unknown
  std::uint16_t format = 0;       ///< Tag of the format: 1 for PCM
  std::uint64_t format_begin = 0, format_bytes = 0;  ///< Position of the format chunk
  bool is_odd = false;     ///< A reader that trusts all sizes would find other samples
  bool truncated = false;  ///< The header states more samples
  bool damaged = false;    ///< Bytes after the samples are not part of the recording

  std::uint64_t frames() const noexcept { return block_bytes == 0 ? 0 : data_bytes / block_bytes; }
};

/// Returns whether the file begins like a WAV file (RIFF, RF64 or BW64).
bool is_wav(std::span<const std::byte> file) noexcept;

/// Reads the header from the beginning of a file of `file_bytes`. A data size of 0 or of all ones, which
/// writers leave that never finished, means all bytes up to the known chunks at the end of the file; so does
/// a size larger than the file. Throws DecodeError, and WavStartTooShort when more of the file than `start`
/// is needed.
struct WavStartTooShort {};
WavHeader parse_wav(std::span<const std::byte> start, std::uint64_t file_bytes);

}  // namespace feedline

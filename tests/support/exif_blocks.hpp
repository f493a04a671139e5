#pragma once

#include <cstdint>
#include <string>

namespace feedline::testing {

inline std::string exif_start() {
  return std::string("Exif\0\0", 6);
}

/// A number of so many bytes, in Intel's byte order or the other.
inline std::string number(std::uint64_t value, int bytes, bool intel = true) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * (intel ? i : bytes - 1 - i)) & 255);
  return text;
}

/// A TIFF block whose one entry is the orientation, of this type: 3 is short, 4 long. `bytes` in place of the
/// type's own make a value that lies behind the entry when they are more than 4.
inline std::string tiff_block(int type, std::uint64_t orientation, int bytes = 0, bool intel = true,
                              unsigned tag = 274) {
  if (bytes == 0) bytes = type == 3 ? 2 : 4;
  std::string value = number(orientation, bytes, intel);
  std::string block = intel ? "II" : "MM";
  block += number(42, 2, intel) + number(8, 4, intel) + number(1, 2, intel);
  block += number(tag, 2, intel) + number(static_cast<unsigned>(type), 2, intel) + number(1, 4, intel);
  if (bytes > 4) {
    block += number(26, 4, intel);
  } else {
    value.resize(4);
    block += value;
  }
  block += number(0, 4);
  return bytes > 4 ? block + value : block;
}

}  // namespace feedline::testing

#include "audio/codec/wav_header.hpp"
#include "sound_bytes.hpp"

/// libsndfile 1.2.0 forgets what libvorbis has allocated when it refuses a file's headers.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libvorbis";
}

/// The first byte chooses the channel, the rest is a file that does not begin as WAV does.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span file(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  if (feedline::is_wav(file) == true) return 0;
  feedline::decode_any(file, data[0] % 4 - 1);
  return 0;
}

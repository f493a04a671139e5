#include "foreign_kind.hpp"

#include <algorithm>
#include <array>

namespace feedline {
namespace {

constexpr std::string_view kPointer = "a Git LFS pointer", kPage = "a page of HTML", kZip = "a ZIP archive";

struct Magic {
  std::size_t at;
  std::string_view bytes;
  std::string_view kind;
};

constexpr std::array kMagics = {
    Magic{4, "ftyp", "an MP4 file (m4a, mp4 or mov)"},
    Magic{0, "\x1A\x45\xDF\xA3", "a WebM or Matroska file"},
    Magic{0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11", "an ASF file (wma)"},
    Magic{0, "#!AMR", "an AMR file"},
    Magic{0, "ADIF", "an AAC file"},
    Magic{0, "\xFF\xF1", "an AAC file"},
    Magic{0, "\xFF\xF9", "an AAC file"},
    Magic{0, "wvpk", "a WavPack file"},
    Magic{0, "MAC ", "a Monkey's Audio file"},
    Magic{0, "FLV", "a Flash video"},
    Magic{8, "AVI ", "an AVI file"},
    Magic{0, "PK\x03\x04", kZip},
    Magic{0, "version https://git-lfs", kPointer},
    Magic{0, "<!DOCTYPE", kPage},
    Magic{0, "<!doctype", kPage},
    Magic{0, "<html", kPage},
    Magic{0, "<HTML", kPage},
};

}  // namespace

std::string_view foreign_kind(std::span<const std::byte> file) noexcept {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto found = std::find_if(kMagics.begin(), kMagics.end(), [&](const Magic& magic) {
    return text.size() > magic.at && text.substr(magic.at).starts_with(magic.bytes);
  });
  return found == kMagics.end() ? std::string_view() : found->kind;
}

std::string foreign_remedy(std::string_view kind) {
  if (kind == kPointer) return "; `git lfs pull` fetches what it stands for";
  if (kind == kPage) return "; fetch the recording again";
  if (kind == kZip) return "; unpack it";
  return "; `ffmpeg -i FILE NEW.wav` makes a WAV file of it";
}

}  // namespace feedline

#include "foreign_kinds.hpp"

#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <array>

namespace feedline {
namespace {

constexpr std::array<std::string_view, 28> kPictures = {
    ".webp", ".gif", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif", ".jxl", ".jp2",
    ".j2k",  ".ppm", ".pgm", ".pnm",  ".svg", ".psd",  ".tga",  ".ico",  ".dng", ".cr2",
    ".nef",  ".arw", ".dcm", ".exr",  ".npy", ".npz",  ".mat",  ".pt"};
constexpr std::array<std::string_view, 29> kRecordings = {
    ".m4a", ".aac", ".mp4", ".m4b", ".wma", ".webm", ".weba", ".mkv",  ".mka", ".mov",
    ".avi", ".amr", ".3gp", ".oga", ".spx", ".aif",  ".aiff", ".aifc", ".au",  ".snd",
    ".caf", ".w64", ".ape", ".wv",  ".sph", ".raw",  ".pcm",  ".npy",  ".npz"};

bool is_array(std::string_view path) {
  for (const std::string_view ending : {".npy", ".npz", ".mat", ".pt"})
    if (path.ends_with(ending)) return true;
  return false;
}

}  // namespace

std::span<const std::string_view> foreign_endings(const FileKind& kind) noexcept {
  if (&kind == &recording_files()) return kRecordings;
  return kPictures;
}

std::string conversion(const FileKind& kind, const std::string& path) {
  const bool recordings = &kind == &recording_files();
  const std::string to = path.substr(0, path.rfind('.')) + (recordings ? ".wav" : ".png");
  if (is_array(path)) return fmt::format("Write each array as {}", recordings ? "a WAV file" : "a PNG file");
  return fmt::format("Convert each of them, for example with {} {} {}",
                     recordings ? "`ffmpeg -i" : "ImageMagick: `convert", printable(path),
                     printable(to) + "`");
}

}  // namespace feedline

#include <feedline/data/file_kind.hpp>

#include <strings.h>

#include <algorithm>
#include <array>

namespace feedline {
namespace {

constexpr std::array<std::string_view, 5> kPictureEndings = {".jpg", ".jpeg", ".jpe", ".jfif", ".png"};
constexpr std::array<std::string_view, 5> kRecordingEndings = {".wav", ".flac", ".mp3", ".ogg", ".opus"};

}  // namespace

bool FileKind::takes(std::string_view name) const noexcept {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view ending = name.substr(dot);
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view taken) {
    return ending.size() == taken.size() && strncasecmp(ending.data(), taken.data(), taken.size()) == 0;
  });
}

const FileKind& picture_files() noexcept {
  static constexpr FileKind kind{"picture", "pictures", kPictureEndings, "cat/1.jpg"};
  return kind;
}

const FileKind& recording_files() noexcept {
  static constexpr FileKind kind{"recording", "recordings", kRecordingEndings, "english/1.wav"};
  return kind;
}

}  // namespace feedline

#include "folder_contents.hpp"

#include "folder/first_file.hpp"
#include "folder/foreign_kinds.hpp"
#include "folder/other_kinds.hpp"
#include "image/idx/open_idx.hpp"
#include "image/open_image_folder.hpp"
#include "speech/speech_samples.hpp"

#include <string_view>

namespace feedline {

bool FolderContents::has_idx_files() const {
  return holds_idx_files(options_);
}

bool FolderContents::has_metadata() const {
  return holds_speech(path());
}

bool FolderContents::has_folders() const {
  return holds_folders(path());
}

std::optional<std::string> FolderContents::first(const FileKind& kind) const {
  return find_first_file(path(), [&kind](std::string_view name) { return kind.takes(name); });
}

const std::optional<std::string>& FolderContents::first_sample() {
  if (!first_sample_) {
    first_sample_ = find_first_file(path(), [](std::string_view name) {
      return picture_files().takes(name) || recording_files().takes(name);
    });
  }
  return *first_sample_;
}

bool FolderContents::has_foreign(const FileKind& kind) const {
  const auto is_foreign = [&kind](std::string_view name) {
    OtherKinds one;
    one.add(std::string(name));
    return !one.only(foreign_endings(kind)).empty();
  };
  return find_first_file(path(), is_foreign).has_value();
}

}  // namespace feedline

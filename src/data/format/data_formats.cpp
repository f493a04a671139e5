#include "audio/open_audio.hpp"
#include "data_format.hpp"
#include "image/idx/open_idx.hpp"
#include "image/open_image_folder.hpp"
#include "speech/open_speech.hpp"

#include <feedline/common/errors.hpp>

#include <algorithm>
#include <array>

namespace feedline {
namespace {

bool always(const DataInfo&) {
  return true;
}

constexpr std::array kFormats = {
    DataFormat{.name = "IDX files",
               .task = Task::kImage,
               .contents = "pictures",
               .looked_for = "IDX files (train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or .gz)",
               .recognise = recognise_idx,
               .can_read = can_read_idx,
               .open = open_idx,
               .trained_on = [](const DataInfo& trained) { return trained.class_names.empty(); },
               .open_labelled = open_labelled_idx,
               .open_files = nullptr,
               .instead_of_files = "`feedline evaluate --val-data DIR` takes folders of IDX files.",
               .file_kind = nullptr},
    DataFormat{.name = "pictures",
               .task = Task::kImage,
               .contents = "pictures",
               .looked_for = "",
               .recognise = recognise_pictures,
               .can_read = can_read_pictures,
               .open = open_image_folder,
               .trained_on = [](const DataInfo& trained) { return !trained.class_names.empty(); },
               .open_labelled = open_labelled_pictures,
               .open_files = open_picture_files,
               .instead_of_files = "",
               .file_kind = picture_files},
    DataFormat{.name = "recordings",
               .task = Task::kAudio,
               .contents = "folders of recordings",
               .looked_for = "a folder a class with recordings (audio) or pictures (image) in it",
               .recognise = recognise_recordings,
               .can_read = can_read_recordings,
               .open = open_audio,
               .trained_on = always,
               .open_labelled = open_labelled_audio,
               .open_files = open_recording_files,
               .instead_of_files = "",
               .file_kind = recording_files},
    DataFormat{.name = "speech",
               .task = Task::kSpeech,
               .contents = "recordings with their texts",
               .looked_for = "metadata.csv beside recordings (speech)",
               .recognise = recognise_speech,
               .can_read = can_read_speech,
               .open = open_speech,
               .trained_on = always,
               .open_labelled = open_labelled_speech,
               .open_files = nullptr,
               .instead_of_files = "`feedline preview --resume` shows the spectrograms that it makes.",
               .file_kind = nullptr}};

}  // namespace

std::span<const DataFormat> data_formats() noexcept {
  return kFormats;
}

const DataFormat& format_of(const DataInfo& trained) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(), [&](const DataFormat& format) {
    return format.task == trained.task && format.trained_on(trained);
  });
  ensure(found != kFormats.end(), "a task has a format");
  return *found;
}

}  // namespace feedline

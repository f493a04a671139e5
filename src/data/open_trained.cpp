#include "audio/open_audio.hpp"
#include "folder/folder_checks.hpp"
#include "image/idx/open_idx.hpp"
#include "image/open_image_folder.hpp"
#include "speech/open_speech.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/open_trained.hpp>

#include <fmt/format.h>

namespace feedline {
namespace {

DataSplits open_task(const DataOptions& options, const DataInfo& trained) {
  if (trained.task == "speech") return open_labelled_speech(options, trained);
  if (trained.task == "audio") return open_labelled_audio(options, trained);
  return trained.class_names.empty() ? open_labelled_idx(options, trained)
                                     : open_labelled_pictures(options, trained);
}

}  // namespace

DataSplits open_labelled(const DataOptions& options, const DataInfo& trained) {
  check_folder(*options.val_data, "--val-data");
  DataSplits data = open_task(options, trained);
  data.info.train_size = 0;
  data.info.val_size = data.val->size();
  if (trained.task != "speech")
    data.info.buckets = {{{options.batch_size, trained.tensors}, 0, data.val->size()}};
  return data;
}

void check_tells_files_apart(const DataInfo& trained) {
  if (trained.task == "audio" || (trained.task == "image" && !trained.class_names.empty())) return;
  throw DataError(fmt::format("This model was trained on {}, so it can tell nothing of single files. {}",
                              trained.task == "speech" ? "speech" : "IDX files",
                              trained.task == "speech"
                                  ? "`feedline preview --resume` shows the spectrograms that it makes."
                                  : "`feedline evaluate --val-data DIR` takes folders of IDX files."));
}

DatasetPtr open_files(std::span<const std::filesystem::path> files, const DataOptions& options,
                      const DataInfo& trained) {
  check_tells_files_apart(trained);
  return trained.task == "audio" ? open_recording_files(files, options, trained)
                                 : open_picture_files(files, trained);
}

}  // namespace feedline

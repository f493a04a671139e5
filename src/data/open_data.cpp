#include "audio/open_audio.hpp"
#include "image/idx/idx_folder.hpp"
#include "image/idx/open_idx.hpp"
#include "image/open_image_folder.hpp"
#include "speech/open_speech.hpp"
#include "speech/speech_rows.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/data/class_list.hpp>
#include <feedline/data/open_data.hpp>

#include <fmt/format.h>

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace feedline {

const char* cache_name(CacheKind kind) noexcept {
  switch (kind) {
    case CacheKind::kAuto:
      return "auto";
    case CacheKind::kNone:
      return "none";
    case CacheKind::kEncoded:
      return "encoded";
    case CacheKind::kDecoded:
      return "decoded";
  }
  return "?";
}

std::uint64_t fingerprint_of(const DataSplits& data) {
  const std::array<std::uint64_t, 2> both = {data.train->fingerprint(),
                                             data.val->size() > 0 ? data.val->fingerprint() : 0};
  return hash64(std::as_bytes(std::span(both)));
}

namespace {

/// What the folder holds, by the task that it is for; empty: nothing that can be read.
std::string_view kind_of(const DataOptions& options) {
  if (holds_idx_files(options)) return "image";
  if (holds_speech(options.train_data)) return "speech";
  if (!holds_folders(options.train_data)) return "";
  if (options.task == "audio" || options.task == "image") return options.task;
  return holds_recordings(options.train_data) ? "audio" : "image";
}

[[noreturn]] void refuse_empty(const DataOptions& options) {
  throw DataError(fmt::format(
      "--train-data {} holds no data that can be read: looked for metadata.csv beside recordings "
      "(speech), for a folder a class with recordings (audio) or pictures (image) in it, and for IDX "
      "files (train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or .gz), found {}. Give the "
      "folder that holds them.",
      options.train_data.string(), list_folder(options.train_data)));
}

/// Recordings with their texts can be asked for as speech only, and so on.
void check_task(const DataOptions& options, std::string_view found) {
  if (options.task == "auto" || options.task == found) return;
  const std::string_view what = found == "speech"  ? "recordings with their texts"
                                : found == "audio" ? "folders of recordings"
                                                   : "pictures";
  throw UsageError(fmt::format("--task {} does not go with {}, which holds {}. Use --task {}.", options.task,
                               options.train_data.string(), what, found));
}

DataSplits open_kind(const DataOptions& options, std::string_view kind) {
  if (kind == "speech") return open_speech(options);
  if (kind == "audio") return open_audio(options);
  return holds_idx_files(options) ? open_idx(options) : open_image_folder(options);
}

}  // namespace

DataSplits open_data(const DataOptions& options) {
  check_folder(options.train_data, "--train-data");
  const std::string_view kind = kind_of(options);
  if (kind.empty()) refuse_empty(options);
  check_task(options, kind);
  DataSplits data = open_kind(options, kind);
  DataInfo& info = data.info;
  if (kind != "speech") info.vocabulary = class_list(data.class_names);
  if (info.shapes.empty())
    info.shapes = {{{options.batch_size, info.tensors}, info.train_size, info.val_size}};
  return data;
}

BatchSpec batch_spec_of(const DataInfo& info) {
  std::vector<BatchShape> shapes;
  for (const ShapeInfo& each : info.shapes) shapes.push_back(each.shape);
  return BatchSpec(shapes);
}

BatchSpec prepared_spec_of(const DataSplits& data) {
  return data.waves ? data.waves->batches : batch_spec_of(data.info);
}

}  // namespace feedline

#include "audio/open_audio.hpp"
#include "batch_rows.hpp"
#include "folder/folder_checks.hpp"
#include "guess_task.hpp"
#include "image/idx/open_idx.hpp"
#include "image/open_image_folder.hpp"
#include "speech/open_speech.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/text.hpp>
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

[[noreturn]] void refuse_empty(const DataOptions& options) {
  throw DataError(fmt::format(
      "--train-data {} holds no data that can be read: looked for metadata.csv beside recordings "
      "(speech), for a folder a class with recordings (audio) or pictures (image) in it, and for IDX "
      "files (train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or .gz), found {}. Give the "
      "folder that holds them.",
      printable(options.train_data.string()), list_folder(options.train_data)));
}

DataSplits open_task(const DataOptions& options, std::string_view task) {
  if (task == "speech") return open_speech(options);
  if (task == "audio") return open_audio(options);
  return holds_idx_files(options) ? open_idx(options) : open_image_folder(options);
}

}  // namespace

DataSplits open_data(const DataOptions& options) {
  check_folder(options.train_data, "--train-data");
  const TaskGuess guess = guess_task(options);
  if (guess.task.empty()) refuse_empty(options);
  if (!guess.reason.empty()) log_info(fmt::format("Read as --task {}: {}.", guess.task, guess.reason));
  DataSplits data = open_task(options, guess.task);
  DataInfo& info = data.info;
  if (guess.task != "speech") info.class_names = class_list(data.class_names);
  if (info.buckets.empty())
    info.buckets = {{{batch_rows(options, info.train_size), info.tensors}, info.train_size, info.val_size}};
  return data;
}

BatchSpec batch_spec_of(const DataInfo& info) {
  std::vector<BatchShape> shapes;
  for (const BucketInfo& each : info.buckets) shapes.push_back(each.shape);
  return BatchSpec(shapes);
}

BatchSpec prepared_spec_of(const DataSplits& data) {
  return data.waves ? data.waves->batches : batch_spec_of(data.info);
}

}  // namespace feedline

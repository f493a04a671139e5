#include "image/idx/idx_folder.hpp"
#include "image/idx/open_idx.hpp"
#include "image/open_image_folder.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/hash.hpp>
#include <feedline/data/open_data.hpp>

#include <fmt/format.h>

#include <array>
#include <span>
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

DataSplits open_data(const DataOptions& options) {
  check_folder(options.train_data, "--train-data");
  const bool idx = holds_idx_files(options);
  if (!idx && !holds_folders(options.train_data)) {
    throw DataError(
        fmt::format("--train-data {} holds no data that can be read: looked for a folder a class with "
                    "pictures in it, and "
                    "for IDX files (train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or .gz), "
                    "found {}. Give the "
                    "folder that holds them.",
                    options.train_data.string(), list_folder(options.train_data)));
  }
  if (options.task != "auto" && options.task != "image") {
    throw UsageError(fmt::format("--task {} needs recordings, but {} holds pictures. Use --task image.",
                                 options.task, options.train_data.string()));
  }
  DataSplits data = idx ? open_idx(options) : open_image_folder(options);
  DataInfo& info = data.info;
  if (info.shapes.empty())
    info.shapes = {{{options.batch_size, info.tensors}, info.train_size, info.val_size}};
  return data;
}

BatchSpec batch_spec_of(const DataInfo& info) {
  std::vector<BatchShape> shapes;
  for (const ShapeInfo& each : info.shapes) shapes.push_back(each.shape);
  return BatchSpec(shapes);
}

}  // namespace feedline

#include "batch_rows.hpp"
#include "folder/folder_checks.hpp"
#include "format/choose_format.hpp"

#include <feedline/common/hash.hpp>
#include <feedline/common/log.hpp>
#include <feedline/data/class_list.hpp>
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
  const std::array<std::uint64_t, 2> both = {fingerprint_of(*data.train),
                                             data.val->size() > 0 ? fingerprint_of(*data.val) : 0};
  return hash64(std::as_bytes(std::span(both)));
}

DataSplits open_data(const DataOptions& options) {
  check_folder(options.train_data, "--train-data");
  const auto [format, reason] = choose_format(options);
  if (!reason.empty()) log_info(fmt::format("Read as --task {}: {}.", task_name(format->task), reason));
  DataSplits data = format->open(options);
  DataInfo& info = data.info;
  info.task = format->task;
  info.class_names = class_list(data.class_names);
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

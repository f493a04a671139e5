#include "folder/folder_checks.hpp"
#include "format/data_format.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/data/open_trained.hpp>

#include <fmt/format.h>

namespace feedline {

DataSplits open_labelled(const DataOptions& options, const DataInfo& trained) {
  check_folder(*options.val_data, "--val-data");
  DataSplits data = format_of(trained).open_labelled(options, trained);
  data.info.train_size = 0;
  data.info.val_size = data.val->size();
  if (data.val->parts().buckets == nullptr)
    data.info.buckets = {{{options.batch_size, trained.tensors}, 0, data.val->size()}};
  return data;
}

void check_tells_files_apart(const DataInfo& trained) {
  const DataFormat& format = format_of(trained);
  if (format.open_files != nullptr) return;
  throw DataError(fmt::format("This model was trained on {}, so it can tell nothing of single files. {}",
                              format.name, format.instead_of_files));
}

const FileKind& file_kind_of(const DataInfo& trained) {
  check_tells_files_apart(trained);
  return format_of(trained).file_kind();
}

DatasetPtr open_files(std::span<const std::filesystem::path> files, const DataOptions& options,
                      const DataInfo& trained) {
  check_tells_files_apart(trained);
  return format_of(trained).open_files(files, options, trained);
}

}  // namespace feedline

#include "choose_format.hpp"

#include "folder/folder_checks.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <vector>

namespace feedline {
namespace {

/// "for A, for B, and for C"
std::string all_looked_for() {
  std::vector<std::string_view> parts;
  for (const DataFormat& format : data_formats() | std::views::reverse)
    if (!format.looked_for.empty()) parts.push_back(format.looked_for);
  std::string text;
  for (const std::string_view part : parts)
    text += fmt::format("{}for {}", text.empty() ? "" : part == parts.back() ? ", and " : ", ", part);
  return text;
}

[[noreturn]] void refuse_empty(const DataOptions& options) {
  throw DataError(fmt::format(
      "--train-data {} holds no data that can be read: looked {}, found {}. Give the folder that holds them.",
      printable(options.train_data.string()), all_looked_for(), list_folder(options.train_data)));
}

[[noreturn]] void refuse_task(const DataOptions& options, const DataFormat& found) {
  throw UsageError(fmt::format("--task {} does not go with {}, which holds {}. Use --task {}.",
                               task_name(*options.task), printable(options.train_data.string()),
                               found.contents, task_name(found.task)));
}

ChosenFormat recognise(FolderContents& folder, const DataOptions& options) {
  for (const DataFormat& format : data_formats())
    if (auto reason = format.recognise(folder)) return {&format, std::move(*reason)};
  refuse_empty(options);
}

}  // namespace

ChosenFormat choose_format(const DataOptions& options) {
  FolderContents folder(options);
  if (!options.task) return recognise(folder, options);
  for (const DataFormat& format : data_formats())
    if (format.task == *options.task && format.can_read(folder)) return {&format, ""};
  refuse_task(options, *recognise(folder, options).format);
}

}  // namespace feedline

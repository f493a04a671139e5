#include "named_rows.hpp"

#include <feedline/checkpoint/manifest.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/data/class_list.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <map>

namespace feedline {
namespace {

using Names = std::vector<std::string>;

/// Returns the names in `names` that are not in `others`, quoted.
Names missing_in(const Names& names, const Names& others) {
  Names sorted = others, missing;
  std::sort(sorted.begin(), sorted.end());
  for (const std::string& name : names) {
    if (!std::binary_search(sorted.begin(), sorted.end(), name)) missing.push_back("'" + name + "'");
  }
  return missing;
}

std::string listed(const Names& names) {
  constexpr std::size_t kNamesShown = 20;
  if (names.empty()) return "none";
  if (names.size() <= kNamesShown) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kNamesShown, ", "),
                     names.size() - kNamesShown);
}

RowMoves moves_between(const Names& before, const Names& now) {
  std::map<std::string, std::int64_t> places;
  for (const std::string& name : before) places.emplace(name, static_cast<std::int64_t>(places.size()));
  RowMoves moves;
  moves.rows_before = static_cast<std::int64_t>(before.size());
  for (std::size_t i = 0; i < now.size(); ++i) {
    const auto place = places.find(now[i]);
    if (place == places.end()) continue;
    moves.from.push_back(place->second);
    moves.to.push_back(static_cast<std::int64_t>(i));
  }
  return moves;
}

}  // namespace

std::vector<RowMoves> match_rows(const NamedRows& rows, const std::filesystem::path& folder, bool lenient) {
  const std::filesystem::path list = folder / rows.part;
  if (rows.part.empty() || (rows.names.empty() && !std::filesystem::exists(list))) return {};
  if (!std::filesystem::exists(list)) {
    if (lenient)
      log_warning(fmt::format("{} does not tell its {}: they are taken to be those of this data, in order.",
                              folder.string(), rows.what));
    return {};
  }
  const std::string text = read_text(list);
  if (text == rows.names) return {};
  const Names before = listed_names(text), now = listed_names(rows.names);
  const Names dropped = missing_in(before, now), added = missing_in(now, before);
  const std::string difference = dropped.empty() && added.empty()
                                     ? "in another order"
                                     : fmt::format("dropped: {}; added: {}", listed(dropped), listed(added));
  const std::string found = fmt::format("{} was made with other {} than this data has ({})", folder.string(),
                                        rows.what, difference);
  if (!lenient) {
    throw UsageError(
        fmt::format("{}. Give the data it was made with, or --resume-anyway to match them by name.", found));
  }
  if (rows.tensors.empty()) {
    throw UsageError(
        fmt::format("{}, and which rows of a --model file are theirs is not known. Give the data it "
                    "was made with, or start anew.",
                    found));
  }
  RowMoves moves = moves_between(before, now);
  log_warning(fmt::format("{}. Rows of {} are matched by name: {} go on, {} are dropped, {} start anew.",
                          found, fmt::join(rows.tensors, " and "), moves.from.size(), dropped.size(),
                          added.size()));
  return {std::move(moves)};
}

void move_rows(NamedTensors& file, const NamedTensors& live, const std::vector<std::string>& moved,
               const RowMoves& moves) {
  const torch::NoGradGuard no_grad;
  const std::map<std::string, torch::Tensor> fresh(live.begin(), live.end());
  for (auto& [name, tensor] : file) {
    const auto is = fresh.find(name);
    if (is == fresh.end() || std::find(moved.begin(), moved.end(), name) == moved.end()) continue;
    torch::Tensor rows = is->second.detach().cpu().clone();
    // `overwrite` reports tensors that do not fit for another reason.
    if (tensor.dim() == 0 || tensor.dim() != rows.dim() || tensor.size(0) != moves.rows_before ||
        tensor.sizes().slice(1) != rows.sizes().slice(1) || tensor.scalar_type() != rows.scalar_type())
      continue;
    for (std::size_t i = 0; i < moves.from.size(); ++i) rows[moves.to[i]].copy_(tensor[moves.from[i]]);
    tensor = rows;
  }
}

std::vector<std::string> with_optimizer_names(const NamedRows& rows, const NamedTensors& model,
                                              const std::vector<torch::Tensor>& parameters) {
  std::vector<std::string> names = rows.tensors;
  for (const auto& [name, tensor] : model) {
    if (std::find(rows.tensors.begin(), rows.tensors.end(), name) == rows.tensors.end()) continue;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (!tensor.is_same(parameters[i])) continue;
      for (const char* of : {"mean", "square", "momentum"}) names.push_back(fmt::format("{}.{}", of, i));
    }
  }
  return names;
}

}  // namespace feedline

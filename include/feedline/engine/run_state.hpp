#pragma once

#include <feedline/engine/train_report.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// The best validation so far.
struct BestScore {
  std::string checkpoint;  ///< its name
  double score = 0;        ///< higher is better
};

/// All of a run but its model, as a checkpoint keeps it: the file `state.json`.
struct RunState {
  static constexpr int kVersion = 1;
  static constexpr const char* kFile = "state.json";

  using Settings = std::map<std::string, std::string>;  ///< value by name, as the user knows them

  Settings must_match;  ///< what a run that goes on must share
  Settings may_change;  ///< what it may change, for better or worse
  Settings data;        ///< where the data is, and which part of it was held out: flags with whole paths
  std::string layout;   ///< ranks, transport, workers: for the reader only
  TrainReport report;
  std::optional<BestScore> best;
};

std::string to_text(const RunState& state);

/// Throws UsageError with a reason: no such state, or one of another version.
RunState run_state_from(const std::string& text);

/// "--batch-size was 64, is 32" for each name whose value differs.
std::vector<std::string> differences(const RunState::Settings& was, const RunState::Settings& is);

/// How good a validation is: the accuracy where there is one, else the negative loss; nothing without either.
std::optional<double> score(const ValResult& val);

}  // namespace feedline

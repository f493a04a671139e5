#include "checkpoints.hpp"
#include "idle_flags.hpp"
#include "outcome.hpp"
#include "trained_model.hpp"
#include "val_stream.hpp"

#include <feedline/common/log.hpp>
#include <feedline/common/text.hpp>
#include <feedline/data/open_trained.hpp>
#include <feedline/loader/loader.hpp>
#include <feedline/runner/commands.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace feedline {
namespace {

using Json = nlohmann::ordered_json;

/// The part that training held out, as it did that.
DataSplits open_held_out(const TrainedModel& model) {
  DataOptions options = model.options.data;
  options.cache = CacheKind::kNone;
  if (options.train_data.empty())
    throw UsageError(
        "Give labelled data with --val-data DIR: this checkpoint does not say which it was trained on.");
  DataSplits data = open_data(options);
  data.info.fingerprint = fingerprint_of(data);
  const auto trained = model.state.must_match.find("the data");
  if (const std::string now = describe_data(data.info);
      trained != model.state.must_match.end() && trained->second != now)
    throw DataError(fmt::format(
        "{} is not what {} was trained on ({}, and it was {}), so what was held out then is not known. Give "
        "other labelled data with --val-data DIR.",
        printable(options.train_data.string()), model.path.string(), now, trained->second));
  if (data.val->size() == 0)
    throw UsageError("Training held no data out. Give labelled data with --val-data DIR.");
  data.info.normalization = model.card.data.normalization;
  return data;
}

/// Buckets whose batches hold no more rows than there are samples.
void shrink_batches(DataInfo& info) {
  for (BucketInfo& each : info.buckets)
    each.shape.capacity = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(each.shape.capacity, std::max<std::uint64_t>(info.val_size, 1)));
}

/// Warns when the held-out data gives other figures than training did, which a checkpoint at the end of an
/// epoch holds: file names do not show that files were replaced by others.
void compare_with_training(const TrainedModel& model, const ValResult& found) {
  constexpr double kRounding = 1e-3;
  const std::optional<double>& trained = model.state.report.val.loss;
  const bool at_epoch_end = model.path.filename().string().find("-epoch-") != std::string::npos;
  if (!at_epoch_end || !trained || !found.loss || !std::isfinite(*trained)) return;
  if (std::abs(*found.loss - *trained) <= kRounding * std::max(1.0, std::abs(*trained))) return;
  log_warning(
      fmt::format("Training had a validation loss of {:.4f} here, and this is {:.4f}: files of the data, or "
                  "flags, are not "
                  "what they were.",
                  *trained, *found.loss));
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json result_json(const TrainedModel& model, const DataInfo& info, const ValResult& result,
                 const BadRows& bad) {
  Json json = {{"checkpoint", model.path.string()},
               {"steps", model.state.report.steps},
               {"samples", info.val_size - bad.skipped},
               {"replaced_samples", bad.replaced},
               {"skipped_samples", bad.skipped}};
  if (result.loss) json["loss"] = number(*result.loss);
  for (const auto& [name, value] : result.metrics) json[name] = number(value);
  return json;
}

void evaluate(const EvaluateCommand& command) {
  const TrainedModel model = open_trained_model(command.options);
  const bool other_data = command.options.data.val_data.has_value();
  DataSplits data = other_data ? open_labelled(model.options.data, model.card.data) : open_held_out(model);
  shrink_batches(data.info);
  warn_of_idle_flags(command.options, data.info.task);
  const auto learner = load_learner(model, data.info);
  Loader batches(plan_validation(model.options, data.val, data.info, model.options.data.bad_samples));
  BadRows rows;
  while (const BatchLease batch = batches.next()) {
    if (batch->header().count > 0) learner->evaluate(*batch);
    rows.add(*batch);
  }
  if (const std::string remarks = remarks_of(*data.val); !remarks.empty()) log_warning(remarks);
  if (const std::string reasons = batches.bad().by_reason(); !reasons.empty())
    log_warning("Samples that could not be used, by reason:" + reasons);
  const ValResult result = learner->finish_evaluation();
  if (!other_data) compare_with_training(model, result);
  say(result_json(model, data.info, result, rows).dump(2, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

ExitCode run_evaluate(const EvaluateCommand& command) {
  Outcome outcome;
  capture(outcome, [&] { evaluate(command); });
  return outcome.code;
}

}  // namespace feedline

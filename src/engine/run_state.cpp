#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>
#include <feedline/engine/run_state.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>

namespace feedline {
namespace {

using Json = nlohmann::ordered_json;

/// Writes losses by their bits: a loss may be a NaN or infinite, and JSON has no such number.
Json loss_json(const std::optional<float>& loss) {
  return loss ? Json(std::bit_cast<std::uint32_t>(*loss)) : Json();
}

std::optional<float> loss_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return std::bit_cast<float>(json.get<std::uint32_t>());
}

std::uint64_t number_from(const Json& hex_text) {
  return std::stoull(hex_text.get<std::string>(), nullptr, 16);
}

Json val_json(const ValResult& val) {
  return {{"loss", val.loss ? Json(*val.loss) : Json()}, {"metrics", val.metrics}};
}

ValResult val_from(const Json& json) {
  ValResult val;
  if (!json.at("loss").is_null()) val.loss = json.at("loss").get<double>();
  for (const auto& [name, value] : json.at("metrics").items()) {
    if (!value.is_null()) val.metrics[name] = value.get<double>();
  }
  return val;
}

Json bad_json(const BadRows& bad) {
  return {{"replaced", bad.replaced}, {"skipped", bad.skipped}, {"train", bad.ids[0]}, {"val", bad.ids[1]}};
}

BadRows bad_from(const Json& json) {
  using Ids = std::set<std::uint64_t>;
  return {json.at("replaced"), json.at("skipped"), {json.at("train").get<Ids>(), json.at("val").get<Ids>()}};
}

Json times_json(const StepTimer::Sums& sums) {
  return {{"wall_s", sums.wall},
          {"step_s", sums.step},
          {"data_wait_s", sums.wait},
          {"val_s", sums.val},
          {"checkpoint_s", sums.checkpoint}};
}

StepTimer::Sums times_from(const Json& json) {
  return {json.at("wall_s"), json.at("step_s"), json.at("data_wait_s"), json.at("val_s"),
          json.at("checkpoint_s")};
}

/// Writes the sums of the epoch under way.
Json epoch_json(const EpochSums& sums) {
  return {{"epoch", sums.epoch},
          {"steps_before", sums.steps_before},
          {"samples_before", sums.samples_before},
          {"wall_before_s", sums.wall_before},
          {"wait_before_s", sums.wait_before},
          {"loss_bits", std::bit_cast<std::uint64_t>(sums.loss)},
          {"losses", sums.losses}};
}

EpochSums epoch_from(const Json& json) {
  return {json.at("epoch"),          json.at("steps_before"),
          json.at("samples_before"), json.at("wall_before_s"),
          json.at("wait_before_s"),  std::bit_cast<double>(json.at("loss_bits").get<std::uint64_t>()),
          json.at("losses")};
}

Json report_json(const TrainReport& report) {
  return {{"epochs", report.epochs},
          {"steps", report.steps},
          {"samples", report.samples},
          {"first_loss_bits", loss_json(report.first_loss)},
          {"last_loss_bits", loss_json(report.last_loss)},
          {"val", val_json(report.val)},
          {"sample_digest", hex(report.sample_digest.value())},
          {"loss_digest", hex(report.loss_digest.value())},
          {"bad_samples", bad_json(report.bad)},
          {"times", times_json(report.timer.sums())},
          {"epoch_under_way", epoch_json(report.epoch)},
          {"occupancy", {report.occupancy_sum, report.occupancy_min, report.occupancy_count}}};
}

TrainReport report_from(const Json& json) {
  TrainReport report;
  report.epochs = json.at("epochs");
  report.steps = json.at("steps");
  report.samples = json.at("samples");
  report.first_loss = loss_from(json.at("first_loss_bits"));
  report.last_loss = loss_from(json.at("last_loss_bits"));
  report.val = val_from(json.at("val"));
  report.sample_digest = SampleDigest(number_from(json.at("sample_digest")));
  report.loss_digest = LossDigest(number_from(json.at("loss_digest")));
  report.bad = bad_from(json.at("bad_samples"));
  report.timer = StepTimer(times_from(json.at("times")));
  // Older checkpoints do not have them.
  if (const auto sums = json.find("epoch_under_way"); sums != json.end()) report.epoch = epoch_from(*sums);
  report.occupancy_sum = json.at("occupancy").at(0);
  report.occupancy_min = json.at("occupancy").at(1);
  report.occupancy_count = json.at("occupancy").at(2);
  return report;
}

Json best_json(const std::optional<BestScore>& best) {
  if (!best) return nullptr;
  return {{"checkpoint", best->checkpoint}, {"score", best->score}};
}

RunState state_from(const Json& json) {
  const int version = json.at("feedline_state").get<int>();
  if (version != RunState::kVersion) {
    throw UsageError(
        fmt::format("it has version {}, this program reads version {}", version, RunState::kVersion));
  }
  RunState state;
  state.must_match = json.at("fixed").get<RunState::Settings>();
  state.may_change = json.at("free").get<RunState::Settings>();
  if (const auto data = json.find("data"); data != json.end())  // older checkpoints do not have it
    state.data = data->get<RunState::Settings>();
  state.layout = json.at("layout");
  state.report = report_from(json.at("run"));
  // A score that was not finite is written as null.
  if (const Json& best = json.at("best"); !best.is_null() && !best.at("score").is_null())
    state.best = BestScore{best.at("checkpoint"), best.at("score")};
  return state;
}

}  // namespace

std::string to_text(const RunState& state) {
  const Json json = {{"feedline_state", RunState::kVersion},
                     {"fixed", state.must_match},
                     {"free", state.may_change},
                     {"data", state.data},
                     {"layout", state.layout},
                     {"run", report_json(state.report)},
                     {"best", best_json(state.best)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

RunState run_state_from(const std::string& text) {
  try {
    return state_from(Json::parse(text));
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw UsageError(fmt::format("it is no state of a run ({})", error.what()));
  }
}

std::vector<std::string> differences(const RunState::Settings& was, const RunState::Settings& is) {
  std::vector<std::string> found;
  for (const auto& [name, value] : is) {
    const auto before = was.find(name);
    if (before == was.end()) {
      found.push_back(fmt::format("{} was not there, is {}", name, value));
    } else if (before->second != value) {
      found.push_back(fmt::format("{} was {}, is {}", name, before->second, value));
    }
  }
  return found;
}

std::optional<double> score(const ValResult& val) {
  if (val.loss && !std::isfinite(*val.loss)) return std::nullopt;  // its accuracy means nothing either
  if (const auto accuracy = val.metrics.find("accuracy"); accuracy != val.metrics.end())
    return accuracy->second;
  if (val.loss) return -*val.loss;
  return std::nullopt;
}

}  // namespace feedline

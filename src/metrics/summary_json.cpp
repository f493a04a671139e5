#include <feedline/common/text.hpp>
#include <feedline/metrics/summary.hpp>

#include <nlohmann/json.hpp>

namespace feedline {
namespace {

using Json = nlohmann::ordered_json;

template <class Number>
Json or_null(const std::optional<Number>& value) {
  return value ? Json(*value) : Json();
}

Json input_json(const Summary::Input& input) {
  return {{"workers", input.workers},
          {"buffer_batches", input.buffer_batches},
          {"buffer_bytes", input.buffer_bytes},
          {"cache_bytes", input.cache_bytes},
          {"cache_hits", input.cache_hits},
          {"occupancy_mean", input.occupancy_mean},
          {"occupancy_min", input.occupancy_min},
          {"samples_per_s", input.samples_per_s}};
}

Json val_json(const Summary& summary) {
  Json val = {{"loss", or_null(summary.val_loss)}};
  for (const auto& [name, value] : summary.val_metrics) val[name] = value;
  return val;
}

}  // namespace

std::string to_json(const Summary& s) {
  const Json json = {
      {"mode", s.mode},
      {"world",
       {{"data_ranks", s.world.data_ranks}, {"model_ranks", s.world.model_ranks}, {"nodes", s.world.nodes}}},
      {"devices", {{"data", s.data_device}, {"model", s.model_device}}},
      {"transport", s.transport},
      {"task", s.task},
      {"model", s.model},
      {"parameters", s.parameters},
      {"epochs", s.epochs},
      {"steps", s.steps},
      {"samples", s.samples},
      {"startup_s", s.startup_s},
      {"first_batch_s", s.first_batch_s},
      {"wall_s", s.wall_s},
      {"step_s", s.step_s},
      {"data_wait_s", s.data_wait_s},
      {"val_s", s.val_s},
      {"checkpoint_s", s.checkpoint_s},
      {"busy", s.busy},
      {"samples_per_s", s.samples_per_s},
      {"input", input_json(s.input)},
      {"link", {{"bytes", s.link.bytes}, {"gbytes_per_s", s.link.gbytes_per_s}}},
      {"bad_samples", {{"replaced", s.bad_replaced}, {"skipped", s.bad_skipped}}},
      {"loss", {{"first", or_null(s.loss.first)}, {"last", or_null(s.loss.last)}}},
      {"val", val_json(s)},
      {"sample_digest", hex(s.sample_digest)},
      {"loss_digest", hex(s.loss_digest)},
      {"peak_rss_bytes", {{"data", s.peak_rss_data}, {"model", s.peak_rss_model}}},
      {"exit", s.exit},
  };
  // Numbers that are not finite are written as null; bytes that are not UTF-8 (in a path, for example) are
  // replaced.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace feedline

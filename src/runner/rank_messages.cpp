#include "rank_messages.hpp"

#include <feedline/common/errors.hpp>

#include <nlohmann/json.hpp>

#include <optional>

template <>
struct nlohmann::adl_serializer<std::optional<feedline::MelSpec>> {
  static void to_json(json& to, const std::optional<feedline::MelSpec>& spec) {
    to = spec ? json(feedline::to_text(*spec)) : json();
  }
  static void from_json(const json& from, std::optional<feedline::MelSpec>& spec) {
    if (!from.is_null()) spec = feedline::mel_spec_from(from.get<std::string>());
  }
};

namespace feedline {

static void to_json(nlohmann::json& to, Task task) {
  to = task_name(task);
}

static void from_json(const nlohmann::json& from, Task& task) {
  const auto known = parse_task(from.get<std::string>());
  ensure(known.has_value(), "ranks know the same tasks");
  task = *known;
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TensorSpec, name, dtype, shape)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Normalization, mean, std)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BatchShape, capacity, tensors)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BucketInfo, shape, train, val)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DataInfo, task, train_size, val_size, classes, tensors, buckets,
                                   normalization, vocabulary, symbols, class_names, mel, fingerprint)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BufferPlan, batches, bytes, note)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InputPlan, info, buffer, workers, own_workers, cores, cache_whole)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DeviceTimes, copies, transfers, both)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RankReport, code, message, prepared_data, first_batch_s,
                                   input_samples_per_s, mean_active, read_share, cache_bytes, cache_hits,
                                   link_bytes, link_seconds, link_device, gpu_bytes, peak_rss)

namespace {

/// Messages may hold file names in any encoding.
std::string dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string to_text(const DataInfo& info) {
  return dump(info);
}

std::string to_text(const InputPlan& plan) {
  return dump(plan);
}
InputPlan input_plan_from(const std::string& text) {
  return nlohmann::json::parse(text).get<InputPlan>();
}

std::string to_text(const RankReport& report) {
  return dump(report);
}
RankReport rank_report_from(const std::string& text) {
  return nlohmann::json::parse(text).get<RankReport>();
}

}  // namespace feedline

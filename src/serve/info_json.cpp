#include "info_json.hpp"

#include "client_socket.hpp"

#include <feedline/data/class_list.hpp>
#include <feedline/data/speech/vocabulary.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <string>
#include <vector>

namespace feedline {
namespace {

using Json = nlohmann::ordered_json;

/// Bytes from a slot's start to its sample ids, which follow the header and the notes of all rows.
std::size_t ids_offset(const BatchSpec& spec) {
  return sizeof(SlotHeader) + spec.capacity() * sizeof(RowNote);
}

Json bucket_json(const BatchLayout& layout) {
  Json tensors = Json::array();
  for (std::size_t i = 0; i < layout.tensors().size(); ++i) {
    const TensorSpec& tensor = layout.tensors()[i];
    tensors.push_back({{"name", tensor.name},
                       {"dtype", dtype_name(tensor.dtype)},
                       {"shape", tensor.shape},
                       {"offset", layout.offset(i)}});
  }
  return {{"rows", layout.capacity()}, {"tensors", tensors}};
}

Json buckets_json(const BatchSpec& spec) {
  Json buckets = Json::array();
  for (std::size_t i = 0; i < spec.shapes(); ++i) buckets.push_back(bucket_json(spec.layout(i)));
  return buckets;
}

std::vector<std::string> symbols_of(const DataInfo& info) {
  if (info.vocabulary.empty()) return {};
  return Vocabulary::from_text(info.vocabulary).symbols();
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string info_json(const LoaderPlan& plan, const BatchSpec& spec, std::optional<std::uint32_t> epochs) {
  const DataInfo& info = plan.data.info;
  return text_of({{"protocol", kServeProtocol},
                  {"version", FEEDLINE_VERSION},
                  {"pid", getpid()},
                  {"task", task_name(info.task)},
                  {"depth", plan.buffer.batches},
                  {"slot_bytes", spec.slot_bytes()},
                  {"samples", plan.samples},
                  {"batches_per_epoch", plan.schedule.train_batches(0)},
                  {"epochs", epochs ? Json(*epochs) : Json()},
                  {"class_count", info.classes},
                  {"classes", listed_names(info.class_names)},
                  {"vocabulary", symbols_of(info)},
                  {"mean", info.normalization.mean},
                  {"std", info.normalization.std},
                  {"train_size", plan.train_size},
                  {"val_size", plan.val_size},
                  {"workers", plan.input.prefetch.workers},
                  {"fingerprint", fmt::format("{:016x}", fingerprint_of(plan.data))},
                  {"ids_offset", ids_offset(spec)},
                  {"buckets", buckets_json(spec)}});
}

std::string stats_json(const InputFigures& figures, int active_workers, std::size_t waiting) {
  return text_of({{"samples_per_s", figures.workers.samples_per_s()},
                  {"waiting_batches", waiting},
                  {"workers", figures.workers.workers},
                  {"active_workers", active_workers},
                  {"read_s", figures.stages.read_s},
                  {"decode_s", figures.stages.decode_s},
                  {"transform_s", figures.stages.transform_s},
                  {"samples", figures.workers.samples},
                  {"bad_replaced", figures.bad.replaced},
                  {"bad_skipped", figures.bad.skipped},
                  {"cache_bytes", figures.cache.bytes},
                  {"cache_hits", figures.cache.hits}});
}

}  // namespace feedline

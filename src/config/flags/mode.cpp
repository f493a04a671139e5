#include "flag_field.hpp"
#include "flags/groups.hpp"
#include "flags/limits.hpp"

#include <feedline/common/text.hpp>

namespace feedline::config {
namespace {

constexpr int kMostBlocks = 32;

Field start_delay() {
  Field field = real(&Options::model_start_delay, from(0).to(kLongestDelay), "seconds");
  field.show = [](const Options& options) { return format_number(options.model_start_delay); };
  return field;
}

Field device() {
  using enum DevicePreference;
  return choice(&Options::device, {{"auto", kAuto}, {"cpu", kCpu}, {"cuda", kCuda}});
}

/// The name of a transport, or "auto", which is none.
Field transport() {
  constexpr const char* kAuto = "auto";
  Field field{.read = [](const GivenFlag& given,
                         Options& options) { options.transport = transport_named(given.text); },
              .write = [](const Options& options) -> std::string {
                return options.transport ? std::string(name_of(*options.transport)) : kAuto;
              },
              .choices = {kAuto}};
  for (const TransportKind each : kTransportKinds) field.choices.emplace_back(name_of(each));
  return field;
}

}  // namespace

FlagGroup mode_flags() {
  using enum OnResume;
  return {"Mode and devices",
          {Flag{"data-gpu", "N", kNotCompared, "GPU that prepares data; with --model-gpu: Multi-GPU Mode",
                whole(&Options::data_gpu, 0), "none"},
           Flag{"model-gpu", "N", kNotCompared, "GPU that trains; with --data-gpu: Multi-GPU Mode",
                whole(&Options::model_gpu, 0), "none"},
           Flag{"device", "D", kNotCompared, "where training runs", device()},
           Flag{"data-ranks", "N", kNotCompared, "ranks that prepare data; one more trains",
                whole(&Options::data_ranks, 1), "1"},
           Flag{"transport", "T", kNotCompared, "how batches travel", transport()},
           Flag{"model-start-delay", "S", kNotCompared, "two ranks: seconds for the data side to warm up",
                start_delay()},
           Flag{"nccl-max-ctas", "N", kNotCompared, "most thread blocks of a GPU that NCCL may use",
                whole(&Options::nccl_ctas, 1, kMostBlocks)},
           Flag{"share-gpu", "", kNotCompared, "both ranks may use the same GPU: slow, for tests only",
                toggle(&Options::share_gpu)}}};
}

}  // namespace feedline::config

#include "flag_field.hpp"
#include "flags/groups.hpp"
#include "flags/limits.hpp"
#include "flags/members.hpp"

namespace feedline::config {
namespace {

constexpr std::size_t kMostBatches = 1'000'000;

Field cache() {
  using enum CacheKind;
  return choice(in_data(&DataOptions::cache),
                {{"auto", kAuto}, {"none", kNone}, {"encoded", kEncoded}, {"decoded", kDecoded}});
}

}  // namespace

FlagGroup input_flags() {
  using enum OnResume;
  return {
      "Input pipeline",
      {Flag{"batch-size", "N", kSameBatches, "samples a batch",
            noted(whole(in_data(&DataOptions::batch_size), 1), in_data(&DataOptions::batch_size_given))},
       Flag{"num-workers", "N", kNotCompared, "threads that prepare samples",
            whole(&Options::num_workers, 1, kMostThreads), "as many as needed, up to the cores there are"},
       Flag{"buffer-size", "N", kNotCompared, "batches to prefetch",
            whole(&Options::buffer_size, 1, kMostBatches)},
       Flag{"buffer-bytes", "SIZE", kNotCompared, "most memory for the buffer, e.g. 3G or 512M",
            bytes(&Options::buffer_bytes), "a quarter of what is free"},
       Flag{"order", "O", kMayChange, "whether batches wait for slow samples or go on with others",
            choice(&Options::order, {{"strict", Order::kStrict}, {"ready", Order::kReady}})},
       Flag{"cache", "C", kNotCompared, "what later epochs are served from", cache()},
       Flag{"cache-bytes", "SIZE", kNotCompared, "most memory for the cache",
            bytes(in_data(&DataOptions::cache_bytes)), "a quarter of what is free"}}};
}

}  // namespace feedline::config

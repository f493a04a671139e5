#include "figures.hpp"

#include <feedline/common/divide_up.hpp>
#include <feedline/metrics/summary.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace feedline {
namespace {

constexpr double kWorthSaying = 0.05;  ///< Least share of the wall time that is worth a message
constexpr double kNearlyEmpty = 0.3;   ///< Mean occupancy up to which the input is too slow
constexpr double kNearlyFull = 0.8;    ///< Mean occupancy from which the input is fast enough
constexpr double kMuchReading = 0.5;   ///< Share of a sample's time from which reading is slow
constexpr double kNearlyAll = 0.8;     ///< Share of the pictures from which a cache is large enough
constexpr double kMuchFaster = 1.5;    ///< Factor from which one side is much faster than the other
constexpr double kRanDry = 0.05;       ///< Least occupancy up to which the buffer was empty at times

/// Advises more workers: some cores that could prepare data are idle.
std::string more_workers(const Summary& s, const AdviceInput& input) {
  const int ranks = std::max(s.world.data_ranks, 1);  // each of which has that many workers
  return fmt::format(" Only {} of {} prepared it: use --num-workers {}.", s.input.workers,
                     counted(static_cast<std::uint64_t>(input.cores), "core"), divide_up(input.cores, ranks));
}

/// Advises more cores: every core is already at work.
std::string more_cores(const Summary& s, const AdviceInput& input) {
  std::string text =
      fmt::format(" {} of {} are preparing it, {} samples/s, and the buffer was nearly empty: ",
                  std::min(s.input.workers, input.cores),
                  counted(static_cast<std::uint64_t>(input.cores), "core"), rate(s.input.samples_per_s));
  if (s.mode == "multi") {
    return text + "give the data rank more cores, or use fewer --train-threads where both ranks share them.";
  }
  return text + "it takes more cores, or two ranks (`mpirun -np 2`), one of which only prepares data.";
}

/// Advises faster storage: files come from a slow disk or network.
std::string slow_reading(const AdviceInput& input) {
  return fmt::format(
      " {} of the time that samples took went into reading their files: faster storage helps, or more "
      "--num-workers, which wait for it side by side.",
      percent(input.read_share));
}

/// Advises a larger cache, so that no sample is decoded again.
std::string larger_cache(const AdviceInput& input) {
  const std::uint64_t tenths = (input.cache_whole * 10 >> 30) + 1;
  return fmt::format(
      " From the second epoch on a cache saves the decoding: all of it takes --cache decoded --cache-bytes "
      "{}.{}G.",
      tenths / 10, tenths % 10);
}

std::string too_slow(const Summary& s, const AdviceInput& input) {
  std::string text = input.read_share > kMuchReading ? slow_reading(input)
                     : s.input.workers < input.cores ? more_workers(s, input)
                                                     : more_cores(s, input);
  const double cached = static_cast<double>(s.input.cache_bytes) / std::max(s.world.data_ranks, 1) /
                        static_cast<double>(input.cache_whole);
  if (input.cache_whole > 0 && cached < kNearlyAll) text += larger_cache(input);
  return text;
}

std::string memory_cut_the_buffer(const Summary& s, const AdviceInput& input) {
  const std::uint64_t batch_bytes = s.input.buffer_bytes / std::max<std::size_t>(s.input.buffer_batches, 1);
  const std::uint64_t mebibytes = (batch_bytes * input.asked_buffer_batches >> 20) + 1;
  return fmt::format(
      " The buffer held only {} of the {} batches of --buffer-size to stay within its memory: --buffer-bytes "
      "{}M "
      "holds them all, a smaller --batch-size needs less.",
      s.input.buffer_batches, input.asked_buffer_batches, mebibytes);
}

std::string larger_buffer(const Summary& s) {
  const std::size_t now = s.input.buffer_batches;
  const std::size_t next = now < 75 ? 75 : now < 100 ? 100 : 2 * now;
  return fmt::format(
      " The buffer ran empty at times although it was {} full on average: use --buffer-size {}.",
      percent(s.input.occupancy_mean), next);
}

/// Returns advice for a link between ranks that is not shared memory.
std::string faster_link(const Summary& s) {
  std::string text;
  if (s.transport != "shm") text += "on one node use --transport shm; ";
  if (s.transport == "nccl")
    text +=
        "--nccl-max-ctas 8 lets transfers use more of the GPUs, and NCCL_DEBUG=INFO says which way they go; ";
  return text;
}

/// Returns whether the link is slower than the input: batches travel as messages, and the buffer that was
/// seen empty is not the data rank's own.
bool link_is_slower(const Summary& s) {
  const bool messages = s.transport == "mpi" || s.transport == "nccl";
  return messages && s.input.samples_per_s > kMuchFaster * s.samples_per_s;
}

/// Returns whether the data rank's GPU takes much longer over batches than their transfer to the other GPU.
bool gpu_is_slower(const Summary& s) {
  return s.link.copy_s > kMuchFaster * s.link.transfer_s;
}

std::string slow_gpu(const Summary& s) {
  std::string text = fmt::format(
      " The data rank's cores can prepare {} samples/s, so its GPU is what is slow: it takes batches "
      "from their memory and makes spectrograms, where there are some. On one node use --transport shm",
      rate(s.input.samples_per_s));
  return text + (s.task == "image" ? "." : "; --mel-device cpu has the cores make spectrograms.");
}

std::string slow_link(const Summary& s) {
  return fmt::format(
      " The data rank can prepare {} samples/s, so the link is what is slow ({}, {:.2f} GB/s): {}smaller "
      "samples need less of it.",
      rate(s.input.samples_per_s), s.transport, s.link.gbytes_per_s, faster_link(s));
}

std::string held_up_on_the_way(const Summary& s) {
  const std::string full = percent(s.input.occupancy_mean);
  if (s.mode != "multi") {
    return fmt::format(
        " The buffer was {} full on average, so the data was ready: the threads stand in each other's "
        "way. Use a smaller --num-workers or --train-threads.",
        full);
  }
  const std::string text = fmt::format(
      " The buffer was {} full on average, so the data was ready and came late over the link ({}, {:.2f} "
      "GB/s): ",
      full, s.transport, s.link.gbytes_per_s);
  return text + faster_link(s) + "when only the start was slow, use --model-start-delay 5.";
}

/// Returns whether the GPU waits for something other than data. All waits of a GPU show as waits for data,
/// and here the buffer is full.
bool gpu_waits_for_work(const Summary& s) {
  return s.model_device.starts_with("cuda") && s.input.occupancy_mean >= kNearlyFull;
}

std::string short_steps(const Summary& s) {
  return fmt::format(
      " The buffer was {} full on average, so the data was ready: steps this short end before the next batch "
      "is "
      "copied to the GPU, or asked for. A larger --batch-size, or a larger model, keeps it busy.",
      percent(s.input.occupancy_mean));
}

std::string reason(const Summary& s, const AdviceInput& input) {
  const double mean = s.input.occupancy_mean;
  if (mean <= kNearlyEmpty && link_is_slower(s)) return gpu_is_slower(s) ? slow_gpu(s) : slow_link(s);
  if (mean <= kNearlyEmpty) return too_slow(s, input);
  if (mean >= kNearlyFull || s.input.occupancy_min > kRanDry) return held_up_on_the_way(s);
  return input.asked_buffer_batches > s.input.buffer_batches ? "" : larger_buffer(s);
}

}  // namespace

std::string advise(const Summary& s, const AdviceInput& input) {
  const double waited = s.wall_s > 0 ? s.data_wait_s / s.wall_s : 0;
  if (!(waited > kWorthSaying)) return "";
  if (gpu_waits_for_work(s))
    return fmt::format("The GPU stood idle {} of the time.", percent(waited)) + short_steps(s);
  std::string text =
      fmt::format("Training waited {} of the time for data.", percent(waited)) + reason(s, input);
  if (input.asked_buffer_batches > s.input.buffer_batches) text += memory_cut_the_buffer(s, input);
  return text;
}

}  // namespace feedline

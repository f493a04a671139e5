#pragma once

#include <feedline/data/open_data.hpp>
#include <feedline/pipeline/batch_schedule.hpp>
#include <feedline/pipeline/buffer_plan.hpp>
#include <feedline/pipeline/input_pipeline.hpp>
#include <feedline/pipeline/prefetcher.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace feedline {

/// As many epochs as a schedule can count, for streams without an end.
inline constexpr std::uint32_t kEndlessEpochs = std::numeric_limits<std::uint32_t>::max() / 2;

/// The settings of a stream of batches for a training loop that is not feedline's.
struct LoaderOptions {
  DataOptions data;
  Split split = Split::kTrain;
  bool shuffle = true;                  ///< False: samples come in the order of the data set, in every epoch
  bool drop_last = false;               ///< Leave out the short batch of an epoch
  std::optional<std::uint32_t> epochs;  ///< Empty: the stream has no end
  /// Batches of the stream that are already done, from the beginning of the first epoch on
  std::uint64_t first_batch = 0;
  std::optional<int> workers;    ///< Empty: up to the cores this process may use, as many as needed
  std::size_t buffer_size = 50;  ///< Batches
  std::optional<std::uint64_t> buffer_bytes;  ///< Empty: a quarter of what is free
  Order order = Order::kStrict;
};

/// The parts of such a stream: its samples, its batches and their buffer.
struct LoaderPlan {
  DataSplits data;  ///< The samples of the stream are the training set
  BatchSchedule schedule;
  BufferPlan buffer;
  InputOptions input;
  std::uint64_t samples = 0;  ///< Samples of an epoch, without those that `drop_last` leaves out
  std::uint64_t train_size = 0, val_size = 0;  ///< Samples of both splits
};

/// Opens the data and decides everything before the first batch. Reports guesses to the user. Throws
/// DataError for data that cannot be used, UsageError for settings that do not fit it.
LoaderPlan plan_loader(const LoaderOptions& options);

}  // namespace feedline

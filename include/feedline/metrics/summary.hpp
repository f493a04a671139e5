#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace feedline {

/// The facts and figures of one run: the JSON object of `--summary`, whose field names are a contract.
struct Summary {
  struct World {
    int data_ranks = 0;  ///< Ranks that only prepare data; a single rank counts as 1 data and 1 model rank
    int model_ranks = 0;
    int nodes = 1;
  };
  struct Input {
    int workers = 0;
    std::size_t buffer_batches = 0;
    std::uint64_t buffer_bytes = 0;
    std::uint64_t cache_bytes = 0;
    std::uint64_t cache_hits = 0;
    double occupancy_mean = 0;  ///< Share of the buffer that was ready when the trainer requested a batch
    double occupancy_min = 0;
    double samples_per_s = 0;  ///< Samples produced / seconds spent producing
    double mean_active = 0;    ///< Active workers, mean over time; not in the JSON
  };
  struct Link {
    std::uint64_t bytes = 0;
    double gbytes_per_s = 0;
    double copy_s = 0, transfer_s = 0, both_s = 0;  ///< Seconds to and between GPUs; not in the JSON
  };
  struct Losses {
    std::optional<float> first, last;
  };

  std::string mode = "single";  ///< Mode, "single" or "multi"
  World world;
  std::string data_device = "cpu", model_device = "cpu";
  std::string transport = "local";
  std::string task = "image";
  std::string model;
  std::int64_t parameters = 0;
  std::uint32_t epochs = 0;   ///< Epochs finished
  std::uint64_t steps = 0;    ///< Optimizer steps
  std::uint64_t samples = 0;  ///< Training samples consumed
  double startup_s = 0;
  double first_batch_s = 0;
  double wall_s = 0, step_s = 0, data_wait_s = 0, val_s = 0, checkpoint_s = 0;
  double busy = 0;
  double samples_per_s = 0;
  Input input;
  Link link;
  std::uint64_t bad_replaced = 0, bad_skipped = 0;
  Losses loss;
  std::optional<double> val_loss;
  std::map<std::string, double> val_metrics;  ///< Metrics by name, such as "accuracy"
  std::uint64_t sample_digest = 0, loss_digest = 0;
  std::uint64_t gpu_bytes = 0;  ///< Bytes that buffers hold on GPUs; not in the JSON
  std::uint64_t peak_rss_data = 0, peak_rss_model = 0;
  std::string exit = "done";  ///< Outcome: "done", "stopped" or the error's message
};

/// Returns the JSON object, indented. Missing numbers are null.
std::string to_json(const Summary& summary);

/// Throws a UsageError that names the path if `write_summary` cannot write there. Call it before a long run.
void check_summary_path(const std::filesystem::path& path);

/// Writes the summary to `path` through a temporary file in the same folder, so that a reader never sees half
/// of it. A pipe or a device is written directly. Throws a UsageError that names the path.
void write_summary(const std::filesystem::path& path, const Summary& summary);

/// Returns the short table at the end of a run.
std::string format_table(const Summary& summary);

/// The input of the advice besides the summary.
struct AdviceInput {
  int cores = 1;  ///< Cores that the data ranks may use
  std::size_t asked_buffer_batches = 0;
  std::uint64_t cache_whole = 0;  ///< Bytes of a cache that holds everything; 0 where unknown
  double read_share = 0;          ///< Share of reading in the time that samples took
};

/// Describes what slowed the run down and which flag changes it. Empty when training waited for data for at
/// most 5 % of the time.
std::string advise(const Summary& summary, const AdviceInput& input);

}  // namespace feedline

#pragma once

#include <feedline/data/open_data.hpp>
#include <feedline/device/select.hpp>
#include <feedline/engine/learner.hpp>
#include <feedline/pipeline/prefetcher.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace feedline {

/// Where checkpoints go, when they are written, and from which one a run goes on.
struct CheckpointOptions {
  enum class Resume { kNone, kAuto, kPath };

  std::optional<std::filesystem::path> folder;  ///< none: no checkpoints
  std::uint64_t every_steps = 0;                ///< 0: not by steps
  std::optional<double> every_minutes;  ///< 0: not by time; none: every 10, unless there is `every_steps`
  std::size_t keep = 3;
  Resume resume = Resume::kNone;
  std::filesystem::path resume_path;  ///< a checkpoint, or a folder of checkpoints
  bool resume_anyway = false;
};

/// What the rank that trains does when the one that prepares its data is lost: it goes on with both, or
/// writes a checkpoint and ends. `kAuto`: it goes on where mpirun lets it live.
enum class FailoverPolicy { kAuto, kTakeover, kStop };

/// What makes spectrograms on the data side. `kAuto`: a GPU, where one prepares data for another.
enum class MelDevice { kAuto, kCpu, kGpu };

/// Every flag of `feedline train`, validated one by one and against each other. Fields that are
/// left empty depend on the machine (devices, cores, memory), and are decided at start.
struct Options {
  // mode and devices
  std::optional<int> data_gpu, model_gpu;
  DevicePreference device = DevicePreference::kAuto;  ///< where training runs
  std::optional<int> data_ranks;
  std::string transport = "auto";  ///< auto, local, shm, mpi, nccl
  MelDevice mel_device = MelDevice::kAuto;
  double model_start_delay = 2.0;  ///< seconds
  bool share_gpu = false;          ///< both roles may be on one GPU: slow, for tests
  int nccl_ctas = 4;               ///< most thread blocks of a GPU that NCCL may use

  // input
  DataOptions data;
  std::optional<int> num_workers;  ///< none: up to the cores this process may use, as many as needed
  std::size_t buffer_size = 50;    ///< batches
  std::optional<std::uint64_t> buffer_bytes;  ///< none: a quarter of what is free
  Order order = Order::kStrict;

  // training
  TrainOptions train;
  bool model_size_given = false;     ///< else a checkpoint that the run goes on from says it
  std::optional<int> train_threads;  ///< none: the cores this process may use
  std::uint32_t epochs = 10;
  std::uint32_t grad_accum = 1;
  bool drop_last = false;                     ///< leave an epoch's short training batch out
  std::uint64_t max_steps = 0;                ///< 0: no limit
  std::optional<std::uint64_t> warmup_steps;  ///< none: 5 % of the steps

  // checkpoints
  CheckpointOptions checkpoints;
  FailoverPolicy on_data_rank_loss = FailoverPolicy::kAuto;
  bool isolate_decoders = false;
  std::optional<double> hang_timeout;  ///< seconds; none: it follows the times that batches and steps take

  // reports
  std::optional<std::filesystem::path> summary, trace;
  std::optional<std::filesystem::path> history;  ///< none: in the folder of the checkpoints, if there is one

  std::vector<std::string> arguments;      ///< all of these flags, as they were given
  std::optional<std::string> config_text;  ///< of --config: a pipe can be read only once
};

/// `feedline train` is to run with these options.
struct TrainCommand {
  Options options;
};

/// `feedline check` is to read every sample of these options' data.
struct CheckCommand {
  Options options;
};

/// `feedline preview` is to write batches as the model sees them.
struct PreviewCommand {
  Options options;
  Split split = Split::kTrain;
  std::filesystem::path output;
};

/// `feedline evaluate` is to say how good the model of the checkpoint of --resume is.
struct EvaluateCommand {
  Options options;
};

/// `feedline predict` is to say which classes the model of the checkpoint of --resume takes files for.
struct PredictCommand {
  Options options;
  std::vector<std::filesystem::path> inputs;  ///< files, and folders of files
};

/// `feedline probe` is to measure with these options and to recommend others.
struct ProbeCommand {
  Options options;
};

/// This process is to make decoders for another one of these options, see serve_decoders().
struct ServeDecodersCommand {
  Options options;
};

/// This process is to prepare batches for the program at the other end of a socket; see run_serve().
struct ServeCommand {
  int socket = -1;                     ///< Descriptor of the socket
  std::vector<std::string> arguments;  ///< Flags, for parse_options(): only the client can be told of errors
};

/// Text to print on stdout as it is (it ends its last line), then exit 0: `--help`, `--version`.
struct PrintCommand {
  std::string text;
};

using Command = std::variant<TrainCommand, CheckCommand, PreviewCommand, EvaluateCommand, PredictCommand,
                             ProbeCommand, ServeDecodersCommand, ServeCommand, PrintCommand>;

/// Reads the command line (and the file of `--config`, which the command line wins over). Throws UsageError
/// with the whole message: what is wrong, the nearest flag's name, what is not there yet.
Command parse_command_line(int argc, const char* const* argv);

/// Reads flags as parse_command_line() does. Throws UsageError.
Options parse_options(const std::vector<std::string>& arguments);

/// The options of the command line that `given` came from, with `defaults` ("--name" and value) for flags
/// that it does not give; "unset" stays a flag that is not given. Throws UsageError.
Options with_defaults(const Options& given, const std::map<std::string, std::string>& defaults);

/// Those of the given flags that change nothing for the task, as they were
/// written.
std::vector<std::string> idle_flags(const Options& options, Task task);

/// Every option as one `--flag value` line, in a fixed order, as parsed: equal texts mean equal flags, so
/// ranks can compare theirs.
std::string canonical(const Options& options);

/// What becomes of a run that goes on from a checkpoint which was written with another value of a flag.
enum class OnResume {
  kSameBatches,  ///< It is refused, and with --resume-anyway begins its epoch anew: its batches are other
                 ///< ones.
  kMustMatch,    ///< It is refused: the flag decides what a batch holds, or what a step does to the model.
  kMayChange,    ///< It goes on, and reports the change.
  kNotCompared   ///< It goes on: the flag changes no result, or the checkpoint holds what the flag chose.
};

/// The flags of one such kind, "--name" and value as in canonical().
std::map<std::string, std::string> flags_that(OnResume on_resume, const Options& options);

/// The value of the flag `name` (without dashes), as in canonical().
std::string value_of_flag(const std::string& name, const Options& options);

}  // namespace feedline

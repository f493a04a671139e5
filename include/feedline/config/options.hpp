#pragma once

#include <feedline/data/open_data.hpp>
#include <feedline/device/select.hpp>
#include <feedline/engine/learner.hpp>
#include <feedline/pipeline/prefetcher.hpp>
#include <feedline/transport/transport_kind.hpp>

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

  std::optional<std::filesystem::path> folder;  ///< Empty: no checkpoints
  std::uint64_t every_steps = 0;                ///< Steps between checkpoints; 0: not by steps
  std::optional<double> every_minutes;          ///< Minutes; 0: not by time; empty: 10, unless by steps
  std::size_t keep = 3;
  Resume resume = Resume::kNone;
  std::filesystem::path resume_path;  ///< Path of a checkpoint, or of a folder of checkpoints
  bool resume_anyway = false;
};

/// The action of the model rank when its data rank is lost: it does the work of both, or writes a checkpoint
/// and ends. `kAuto`: it does the work of both where mpirun lets it live.
enum class FailoverPolicy { kAuto, kTakeover, kStop };

/// The device that makes spectrograms on the data side. `kAuto`: a GPU, where one prepares data for another.
enum class MelDevice { kAuto, kCpu, kGpu };

/// Every flag of `feedline train`, validated one by one and against each other. Fields that are
/// left empty depend on the machine (devices, cores, memory), and are decided at start.
struct Options {
  // mode and devices
  std::optional<int> data_gpu, model_gpu;
  DevicePreference device = DevicePreference::kAuto;  ///< Preferred device of training
  std::optional<int> data_ranks;
  std::optional<TransportKind> transport;  ///< Empty: chosen by the devices and nodes of both ends
  MelDevice mel_device = MelDevice::kAuto;
  double model_start_delay = 2.0;  ///< Seconds
  bool share_gpu = false;          ///< Both roles may be on one GPU: slow, for tests
  int nccl_ctas = 4;               ///< Most thread blocks of a GPU that NCCL may use

  // input
  DataOptions data;
  std::optional<int> num_workers;  ///< Empty: as many as needed, up to the cores this process may use
  std::size_t buffer_size = 50;    ///< Batches
  std::optional<std::uint64_t> buffer_bytes;  ///< Empty: a quarter of the free memory
  Order order = Order::kStrict;

  // training
  TrainOptions train;
  bool model_size_given = false;     ///< False: a resumed checkpoint decides
  std::optional<int> train_threads;  ///< Empty: the cores this process may use
  std::uint32_t epochs = 10;
  std::uint32_t grad_accum = 1;
  bool drop_last = false;                     ///< Leave out the short training batch of an epoch
  std::uint64_t max_steps = 0;                ///< Optimizer steps of the run; 0: no limit
  std::optional<std::uint64_t> warmup_steps;  ///< Empty: 5 % of the steps

  // checkpoints
  CheckpointOptions checkpoints;
  FailoverPolicy on_data_rank_loss = FailoverPolicy::kAuto;
  bool isolate_decoders = false;
  std::optional<double> hang_timeout;  ///< Seconds; empty: derived from the times of batches and steps

  // reports
  std::optional<std::filesystem::path> summary, trace;
  std::optional<std::filesystem::path> history;  ///< Empty: in the folder of checkpoints, if there is one

  std::vector<std::string> arguments;      ///< All of these flags, as they were given
  std::optional<std::string> config_text;  ///< Text of --config, since a pipe can be read only once
};

/// The command `feedline train`.
struct TrainCommand {
  Options options;
};

/// The command `feedline check`: reads every sample of the data.
struct CheckCommand {
  Options options;
};

/// The command `feedline preview`: writes batches as the model sees them.
struct PreviewCommand {
  Options options;
  Split split = Split::kTrain;
  std::filesystem::path output;
};

/// The command `feedline evaluate`: measures the model of the checkpoint of --resume.
struct EvaluateCommand {
  Options options;
};

/// The command `feedline predict`: classifies files with the model of the checkpoint of --resume.
struct PredictCommand {
  Options options;
  std::vector<std::filesystem::path> inputs;  ///< Files, and folders of files
};

/// The command `feedline probe`: measures with these options and recommends others.
struct ProbeCommand {
  Options options;
};

/// Makes decoders for another process with these options; see serve_decoders().
struct ServeDecodersCommand {
  Options options;
};

/// Prepares batches for the program at the other end of a socket; see run_serve().
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

/// Reads the command line, and the file of `--config`, over which the command line takes precedence. Throws a
/// UsageError that says what is wrong and suggests the nearest name of a flag.
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

#include "client_socket.hpp"
#include "info_json.hpp"
#include "shared_slots.hpp"

#include <feedline/common/posix.hpp>
#include <feedline/common/stop.hpp>
#include <feedline/common/thread_limits.hpp>
#include <feedline/loader/loader_plan.hpp>
#include <feedline/serve/serve.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace feedline {
namespace {

using Json = nlohmann::json;

/// The settings that a client sends; see docs/serve.md.
struct ClientSettings {
  LoaderOptions loader;
  int parent = 0;  ///< Process whose end is that of the client; 0: not given
};

/// Flags that would change nothing here without a word.
void refuse_unserved(const Options& options) {
  if (options.isolate_decoders)
    throw UsageError(
        "--isolate-decoders is for `feedline train`: a decoder that crashes ends `feedline serve`, and its "
        "client "
        "starts it again. Drop it.");
  if (options.mel_device == MelDevice::kGpu)
    throw UsageError(
        "--mel-device gpu is for `feedline train` with two GPUs. Drop it: the CPU makes spectrograms.");
}

/// A number of epochs that a schedule can count.
std::uint32_t epochs_of(const Json& json) {
  const auto epochs = json.get<std::int64_t>();
  if (epochs < 1 || epochs > std::numeric_limits<std::int32_t>::max())
    throw UsageError(fmt::format("epochs={} is not allowed: it takes a whole number from 1 to {}.", epochs,
                                 std::numeric_limits<std::int32_t>::max()));
  return static_cast<std::uint32_t>(epochs);
}

ClientSettings settings_of(const Options& options, const std::string& text) {
  refuse_unserved(options);
  ClientSettings settings;
  LoaderOptions& loader = settings.loader;
  loader.data = options.data;
  loader.workers = options.num_workers;
  loader.buffer_size = options.buffer_size;
  loader.buffer_bytes = options.buffer_bytes;
  loader.order = options.order;
  loader.drop_last = options.drop_last;
  try {
    const Json json = Json::parse(text);
    if (json.at("protocol") != kServeProtocol)
      throw UsageError(
          fmt::format("The client speaks version {} of the protocol and this program version {}. Install the "
                      "Python module and the program from one version.",
                      json.at("protocol").dump(), kServeProtocol));
    loader.split = json.at("split") == "val" ? Split::kVal : Split::kTrain;
    loader.shuffle = json.at("shuffle");
    if (!json.at("epochs").is_null()) loader.epochs = epochs_of(json.at("epochs"));
    loader.data.shown_again = loader.epochs.value_or(2) > 1;
    loader.first_batch = json.at("first_batch");
    settings.parent = json.at("parent_pid");
  } catch (const Json::exception& error) {
    throw UsageError(fmt::format("The client's settings cannot be read: {}.", error.what()));
  }
  return settings;
}

/// A descriptor that becomes readable when the process ends; invalid where the kernel has none. Throws
/// PeerError when the process has ended already.
UniqueFd end_of_process(int pid) {
  UniqueFd end(pid > 0 ? static_cast<int>(syscall(SYS_pidfd_open, pid, 0)) : -1);
  if (pid > 0 && !end && errno == ESRCH) throw PeerError("The process that the batches are for has ended.");
  return end;
}

/// Signals that ask for a stop are for the client, which may want more batches before it ends; this process
/// ends with it.
void ignore_stop_signals() noexcept {
  for (const int number : kStopSignals) signal(number, SIG_IGN);
}

/// One client's stream. From the client's first message on, a thread answers the client, and ends this
/// process when the client is gone: there is nothing to save then, and whatever the other threads wait for is
/// not worth a wait.
class Server {
 public:
  explicit Server(const ServeCommand& command) : arguments_(command.arguments), client_(command.socket) {}

  /// Returns when the client is gone before it has sent its settings, and never otherwise. Throws PeerError
  /// when its first message cannot be read.
  void run() {
    const ClientRequest first = client_.receive();
    if (!std::holds_alternative<OpenRequest>(first)) return;
    std::optional<ClientSettings> settings;
    report_failure(
        [&] { settings = settings_of(parse_options(arguments_), std::get<OpenRequest>(first).settings); });
    listener_ = std::jthread([this, parent = settings ? settings->parent : 0] { listen(parent); });
    if (settings) report_failure([&] { stream(settings->loader); });
    listener_.join();
  }

 private:
  void stream(const LoaderOptions& options) {
    first_batch_ = options.first_batch;
    const LoaderPlan plan = plan_loader(options);
    const BatchSpec spec = batch_spec_of(plan.data.info);
    {
      const std::lock_guard lock(mutex_);
      slots_.emplace(spec, plan.buffer.batches, consumer());
      input_.emplace(plan.data, plan.schedule, *slots_, plan.input);
    }
    client_.send_info(info_json(plan, spec, options.epochs), slots_->descriptor());
    input_->start();
    input_->wait();
  }

  SharedSlots::Consumer consumer() {
    return {.take =
                [this](const Slot& batch, std::uint32_t slot) {
                  client_.send_batch(slot, first_batch_ + batch.header().sequence, batch.header());
                },
            .finish = [this] { client_.send_end(); },
            .fail = [this](const Failure& failure) { send_failure(failure.code, failure.message); }};
  }

  /// Runs `work` and reports to the client whatever it throws.
  template <class Work>
  void report_failure(Work work) noexcept {
    try {
      work();
    } catch (const Error& error) {
      send_failure(error.code(), error.what());
    } catch (const std::exception& error) {
      const auto limit = limit_reached(error);
      send_failure(limit ? limit->code() : ExitCode::kInternal, limit ? limit->what() : error.what());
    }
  }

  /// Only the first failure is sent.
  void send_failure(ExitCode code, const std::string& message) noexcept {
    if (failed_.exchange(true)) return;
    try {
      client_.send_failure(code, message);
      code_ = code;
    } catch (const PeerError&) {
      // Nobody is left to report to.
    }
  }

  /// Answers the client until it is gone, and ends the process.
  [[noreturn]] void listen(int parent) noexcept {
    report_failure([&] {
      const UniqueFd end = end_of_process(parent);
      while (await_message(end.get()) && answer(client_.receive())) {
      }
    });
    std::_Exit(static_cast<int>(code_.load()));
  }

  /// Returns whether there is a message, and not the end of the client's process.
  bool await_message(int end_of_client) const {
    std::array<pollfd, 2> waited = {{{client_.descriptor(), POLLIN, 0}, {end_of_client, POLLIN, 0}}};
    while (poll(waited.data(), waited.size(), -1) < 0) {
    }
    return waited[1].revents == 0;
  }

  bool answer(const ClientRequest& request) {
    if (std::holds_alternative<QuitRequest>(request)) return false;
    const std::lock_guard lock(mutex_);
    if (!slots_ || !input_) return true;
    if (const auto* take = std::get_if<TakeRequest>(&request)) {
      slots_->take(take->slot, take->number - first_batch_);
    } else if (const auto* release = std::get_if<ReleaseRequest>(&request)) {
      slots_->release(release->slot, release->number - first_batch_);
    } else if (std::holds_alternative<StatsRequest>(request)) {
      client_.send_stats(stats_json(input_->figures(), input_->active_workers(), slots_->lent()));
    }
    return true;
  }

  const std::vector<std::string>& arguments_;
  ClientSocket client_;
  std::atomic<ExitCode> code_{ExitCode::kDone};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;  ///< Guards the making of these
  std::uint64_t first_batch_ = 0;
  std::optional<SharedSlots> slots_;
  std::optional<InputPipeline> input_;
  std::jthread listener_;
};

}  // namespace

ExitCode run_serve(const ServeCommand& command) {
  ignore_stop_signals();
  Server(command).run();
  return ExitCode::kDone;
}

}  // namespace feedline

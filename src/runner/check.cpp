#include "idle_flags.hpp"
#include "input_report.hpp"
#include "outcome.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/common/resources.hpp>
#include <feedline/common/text.hpp>
#include <feedline/data/sample_error.hpp>
#include <feedline/runner/commands.hpp>

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace feedline {
namespace {

constexpr std::chrono::seconds kBetweenLines{5};

/// How many samples of a set something was found about.
struct Found {
  std::uint64_t bad = 0;
  std::uint64_t damaged = 0;  ///< but used

  void add(const Found& other) noexcept {
    bad += other.bad;
    damaged += other.damaged;
  }
};

/// Reads all samples of a set on several threads, and lists those that something is wrong with.
class Check {
 public:
  explicit Check(const Dataset& data) : data_(data), audit_(data.parts().audit) {}

  /// Blocks until all are read. Rethrows what ends it early.
  Found run(int threads) {
    {
      std::vector<std::jthread> workers;
      for (int i = 0; i < threads; ++i) workers.emplace_back([this] { work(); });
      tell_progress();
    }
    if (error_) std::rethrow_exception(error_);
    return {bad_, damaged_};
  }

 private:
  void work() noexcept {
    try {
      for (std::uint64_t id = next_++; id < data_.size(); id = next_++) {
        check(id);
        ++done_;
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      error_ = std::current_exception();
      next_ = data_.size();
      done_ = data_.size();
    }
  }

  void check(std::uint64_t id) {
    try {
      const std::string damage = audit_ != nullptr ? audit_->check(id) : std::string();
      if (damage.empty()) return;
      ++damaged_;
      say(fmt::format("{}: damaged, but used: {}", printable(data_.describe(id)), damage));
    } catch (const SampleError& error) {
      ++bad_;
      say(fmt::format("{}: {}", printable(error.path()), error.reason()));
    }
  }

  void tell_progress() const {
    auto next_line = Clock::now() + kBetweenLines;
    while (done_ < data_.size()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      if (Clock::now() < next_line) continue;
      next_line += kBetweenLines;
      log_info(fmt::format("{} of {} samples read, {} bad.", done_.load(), data_.size(), bad_.load()));
    }
  }

  const Dataset& data_;
  const Audit* audit_;
  std::atomic<std::uint64_t> next_{0}, done_{0}, bad_{0}, damaged_{0};
  std::mutex mutex_;
  std::exception_ptr error_;
};

void check_all(const Options& options) {
  DataOptions data_options = options.data;
  data_options.cache = CacheKind::kNone;
  data_options.batch_size_given = true;  // there are no batches, so nothing is said of them
  if (!data_options.val_data) data_options.val_fraction = 0;  // all of it is training data
  const DataSplits data = open_data(data_options);
  warn_of_idle_flags(options, data.info.task);
  const int threads = options.num_workers.value_or(usable_cores());
  Found found = Check(*data.train).run(threads);
  if (data_options.val_data) found.add(Check(*data.val).run(threads));
  tell_remarks(data);
  const std::uint64_t all = data.train->size() + (data_options.val_data ? data.val->size() : 0);
  if (found.bad > 0) {
    throw DataError(fmt::format(
        "{} of {} samples cannot be used; they are listed above. Repair or remove them; a run replaces them "
        "(--bad-samples), up to {:g} % of all (--max-bad).",
        found.bad, all, 100 * data_options.max_bad));
  }
  if (found.damaged > 0) {
    say(fmt::format("All {} samples can be used; {} of them are damaged, and listed above.", all,
                    found.damaged));
  } else {
    say(fmt::format("All {} samples are good.", all));
  }
}

}  // namespace

ExitCode run_check(const CheckCommand& command) {
  Outcome outcome;
  capture(outcome, [&] { check_all(command.options); });
  return outcome.code;
}

}  // namespace feedline

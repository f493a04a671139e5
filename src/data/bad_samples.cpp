#include <feedline/common/log.hpp>
#include <feedline/data/bad_samples.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

constexpr std::uint64_t kMostInARow = 100;
constexpr std::uint64_t kLeastShare = 20;  // one in so many: 5 %

const char* const kRemedy =
    " `feedline check` lists all that cannot be read: repair or remove them, or give the right folder.";

}  // namespace

BadSamples::BadSamples(BadSamplePolicy policy, std::uint64_t samples,
                       std::optional<std::filesystem::path> list, bool go_on)
    : policy_(policy), samples_(samples), list_(std::move(list)) {
  std::error_code ignored;
  if (list_ && !go_on) std::filesystem::remove(*list_, ignored);
}

void BadSamples::note(const SampleError& error, std::uint32_t epoch) {
  if (policy_ == BadSamplePolicy::kAbort) {
    throw DataError(std::string(error.what()) + " The run ends here because of --bad-samples abort." +
                    kRemedy);
  }
  in_a_row_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  if (told_.insert(error.path()).second) tell(error, epoch);
  check_limits(error);
}

void BadSamples::tell(const SampleError& error, std::uint32_t epoch) {
  log_warning(
      fmt::format("Bad sample {}: {}; {}.", error.path(), error.reason(),
                  policy_ == BadSamplePolicy::kReplace ? "another takes its place" : "it is skipped"));
  if (!list_) return;
  const nlohmann::ordered_json line = {{"path", error.path()}, {"reason", error.reason()}, {"epoch", epoch}};
  std::ofstream file(*list_, std::ios::app);
  file << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  if (file.flush()) return;
  log_warning(fmt::format("Cannot write {}; bad samples are told here only.", list_->string()));
  list_.reset();
}

void BadSamples::check_limits(const SampleError& error) const {
  const std::uint64_t row = in_a_row_.load(std::memory_order_relaxed);
  if (row > kMostInARow) {
    throw DataError(fmt::format("{} samples in a row cannot be used, the last is {}: {}.{}", row,
                                error.path(), error.reason(), kRemedy));
  }
  if (told_.size() * kLeastShare > samples_) {
    throw DataError(
        fmt::format("More than 5 % of the samples cannot be used ({} of {} so far), the last is {}: {}.{}",
                    told_.size(), samples_, error.path(), error.reason(), kRemedy));
  }
}

BadSamples::Counts BadSamples::counts() const {
  const std::lock_guard lock(mutex_);
  return {replaced_.load(std::memory_order_relaxed), skipped_.load(std::memory_order_relaxed), told_.size()};
}

}  // namespace feedline

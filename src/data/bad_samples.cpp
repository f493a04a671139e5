#include <feedline/common/log.hpp>
#include <feedline/common/text.hpp>
#include <feedline/data/bad_samples.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

constexpr std::uint64_t kMostInARow = 100;
constexpr std::size_t kNamed = 5;

const char* const kRemedy =
    "`feedline check` lists all that cannot be read: repair or remove them, or give the right folder.";

}  // namespace

BadSamples::BadSamples(BadSamplePolicy policy, std::uint64_t samples,
                       std::optional<std::filesystem::path> list, bool go_on, double most_share)
    : policy_(policy), samples_(samples), most_share_(most_share), list_(std::move(list)) {
  std::error_code ignored;
  if (list_ && !go_on) std::filesystem::remove(*list_, ignored);
}

void BadSamples::note(const SampleError& error, std::uint32_t epoch) {
  if (policy_ == BadSamplePolicy::kAbort) {
    throw DataError(std::string(error.what()) + " The run ends here because of --bad-samples abort. " +
                    kRemedy);
  }
  in_a_row_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  if (told_.insert(error.path()).second) {
    refusals_.add(error.reason(), error.path());
    tell(error, epoch);
  }
  check_limits();
}

void BadSamples::tell(const SampleError& error, std::uint32_t epoch) {
  log_warning(
      fmt::format("Bad sample {}: {}; {}.", printable(error.path()), error.reason(),
                  policy_ == BadSamplePolicy::kReplace ? "another takes its place" : "it is skipped"));
  if (first_.size() < kNamed)
    first_.push_back(fmt::format("{}: {}", printable(error.path()), error.reason()));
  if (!list_) return;
  const nlohmann::ordered_json line = {{"path", error.path()}, {"reason", error.reason()}, {"epoch", epoch}};
  std::ofstream file(*list_, std::ios::app);
  file << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  if (file.flush()) return;
  log_warning(fmt::format("Cannot write {}; bad samples are told here only.", list_->string()));
  list_.reset();
}

void BadSamples::check_limits() const {
  const std::uint64_t row = in_a_row_.load(std::memory_order_relaxed);
  const bool too_many = static_cast<double>(told_.size()) > most_share_ * static_cast<double>(samples_);
  if (row <= kMostInARow && !too_many) return;
  const std::string what =
      too_many ? fmt::format("More than {:g} % of the samples cannot be used ({} of {} so far; --max-bad)",
                             100 * most_share_, told_.size(), samples_)
               : fmt::format("{} samples in a row cannot be used", row);
  throw DataError(fmt::format("{}. The first are\n  {}\n{}", what, fmt::join(first_, "\n  "), kRemedy));
}

BadSamples::Counts BadSamples::counts() const {
  const std::lock_guard lock(mutex_);
  return {replaced_.load(std::memory_order_relaxed), skipped_.load(std::memory_order_relaxed), told_.size()};
}

std::string BadSamples::by_reason() const {
  const std::lock_guard lock(mutex_);
  return refusals_.text();
}

}  // namespace feedline

#include <feedline/common/errors.hpp>
#include <feedline/common/fault_plan.hpp>

#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

constexpr const char* kVariable = "FEEDLINE_FAULT";

std::chrono::milliseconds to_time(const std::string& number, const std::string& unit) {
  const double seconds = std::stod(number) * (unit == "s" ? 1.0 : 1e-3);
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));
}

/// Has another process wake this one: a stopped process cannot.
void continue_later(std::chrono::milliseconds delay) {
  const std::string script =
      fmt::format("(sleep {}; kill -CONT {}) &", static_cast<double>(delay.count()) * 1e-3, getpid());
  std::string shell = "sh", flag = "-c", text = script;
  std::array<char*, 4> arguments = {shell.data(), flag.data(), text.data(), nullptr};
  pid_t child = 0;
  if (posix_spawnp(&child, "sh", nullptr, nullptr, arguments.data(), environ) == 0)
    waitpid(child, nullptr, 0);
}

}  // namespace

FaultPlan::FaultPlan(const std::string& text) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(';', begin), text.size());
    const std::string entry =
        std::regex_replace(text.substr(begin, end - begin), std::regex("^\\s+|\\s+$"), "");
    if (!entry.empty()) entries_.push_back(parse(entry));
    begin = end + 1;
  }
}

FaultPlan FaultPlan::from_environment() {
  const char* text = std::getenv(kVariable);
  return text != nullptr ? FaultPlan(text) : FaultPlan();
}

FaultPlan::Entry FaultPlan::parse(const std::string& text) {
  static const std::regex at_batch(
      "(kill|term|stop):rank(\\d{1,4})@batch=(\\d{1,15})(?:,(\\d+\\.?\\d*)(ms|s))?");
  static const std::regex numbered("(flip:batch|crash:sample|hang:sample|enospc@save|eio:every)=(\\d{1,15})");
  static const std::regex timed("slow-read:(\\d+\\.?\\d*)(ms|s)");
  std::smatch match;
  if (std::regex_match(text, match, at_batch) && (match[1] == "stop" || !match[4].matched)) {
    Entry entry{match[1] == "kill"   ? Kind::kKill
                : match[1] == "term" ? Kind::kTerm
                                     : Kind::kStop,
                std::stoi(match[2]),
                std::stoull(match[3]),
                {}};
    if (match[4].matched) entry.time = to_time(match[4], match[5]);
    return entry;
  }
  if (std::regex_match(text, match, numbered)) {
    const std::string what = match[1];
    const Kind kind = what == "flip:batch"     ? Kind::kFlip
                      : what == "crash:sample" ? Kind::kCrash
                      : what == "hang:sample"  ? Kind::kHang
                      : what == "enospc@save"  ? Kind::kNoSpace
                                               : Kind::kReadError;
    return {kind, -1, std::stoull(match[2]), {}};
  }
  if (std::regex_match(text, match, timed)) return {Kind::kSlowRead, -1, 0, to_time(match[1], match[2])};
  throw UsageError(
      fmt::format("{}: '{}' is no fault that can be made. They are kill:rankR@batch=N, term:rankR@batch=N, "
                  "stop:rankR@batch=N[,3s], flip:batch=N, crash:sample=N, hang:sample=N, enospc@save=N, "
                  "slow-read:20ms and eio:every=N, parted by ';'.",
                  kVariable, text));
}

const FaultPlan::Entry* FaultPlan::find(Kind kind) const noexcept {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.kind == kind; });
  return found == entries_.end() ? nullptr : &*found;
}

const FaultPlan::Entry* FaultPlan::find(Kind kind, std::uint64_t number) const noexcept {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& e) { return e.kind == kind && e.number == number; });
  return found == entries_.end() ? nullptr : &*found;
}

void FaultPlan::after_batch(int rank, std::uint64_t batch) const {
  for (const Entry& entry : entries_) {
    if (entry.rank != rank || entry.number != batch) continue;
    if (entry.time) continue_later(*entry.time);
    kill(getpid(), entry.kind == Kind::kKill ? SIGKILL : entry.kind == Kind::kTerm ? SIGTERM : SIGSTOP);
  }
}

bool FaultPlan::flips(std::uint64_t batch) const noexcept {
  return find(Kind::kFlip, batch) != nullptr;
}

void FaultPlan::before_save(std::uint64_t save) const {
  if (find(Kind::kNoSpace, save) == nullptr) return;
  throw std::filesystem::filesystem_error(kVariable, std::filesystem::path(kVariable),
                                          std::make_error_code(std::errc::no_space_on_device));
}

std::chrono::milliseconds FaultPlan::read_delay() const noexcept {
  const Entry* entry = find(Kind::kSlowRead);
  return entry != nullptr ? *entry->time : std::chrono::milliseconds(0);
}

std::uint64_t FaultPlan::failing_reads() const noexcept {
  const Entry* entry = find(Kind::kReadError);
  return entry != nullptr ? entry->number : 0;
}

bool FaultPlan::touches_samples() const noexcept {
  return find(Kind::kSlowRead) || find(Kind::kReadError) || find(Kind::kCrash) || find(Kind::kHang);
}

void FaultPlan::at_sample(std::uint64_t id) const {
  if (find(Kind::kCrash, id) != nullptr) std::abort();
  while (find(Kind::kHang, id) != nullptr) pause();
}

}  // namespace feedline

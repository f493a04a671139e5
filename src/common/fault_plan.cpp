#include <feedline/common/errors.hpp>
#include <feedline/common/fault_plan.hpp>

#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

constexpr const char* kVariable = "FEEDLINE_FAULT";

/// Reads whole numbers and times after a fixed text: "20ms", "3s", "120".
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool skip(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::optional<std::uint64_t> number() {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::optional<std::chrono::milliseconds> time() {
    const auto count = number();
    if (!count) return std::nullopt;
    if (skip("ms")) return std::chrono::milliseconds(*count);
    if (skip("s")) return std::chrono::seconds(*count);
    return std::nullopt;
  }

  bool over() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\n") + 1 - begin);
}

/// Starts another process that wakes this one, since a stopped process cannot wake itself.
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
    const std::string entry = trimmed(text.substr(begin, end - begin));
    if (!entry.empty()) entries_.push_back(parse(entry));
    begin = end + 1;
  }
}

FaultPlan FaultPlan::from_environment() {
  const char* text = std::getenv(kVariable);
  return text != nullptr ? FaultPlan(text) : FaultPlan();
}

/// Parses an entry such as "kill:rank0@batch=120", which for a stop ends in ",3s".
std::optional<FaultPlan::Entry> FaultPlan::parse_at_batch(const std::string& text) {
  constexpr std::array<std::pair<const char*, Kind>, 3> kinds = {
      {{"kill:rank", Kind::kKill}, {"term:rank", Kind::kTerm}, {"stop:rank", Kind::kStop}}};
  for (const auto& [word, kind] : kinds) {
    Reader reader(text);
    if (!reader.skip(word)) continue;
    const auto rank = reader.number();
    const auto batch = rank && reader.skip("@batch=") ? reader.number() : std::nullopt;
    if (!batch) return std::nullopt;
    Entry entry{kind, static_cast<int>(*rank), *batch, {}};
    if (kind == Kind::kStop && reader.skip(",")) {
      entry.time = reader.time();
      if (!entry.time) return std::nullopt;
    }
    return reader.over() ? std::optional(entry) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<FaultPlan::Entry> FaultPlan::parse_numbered(const std::string& text) {
  constexpr std::array<std::pair<const char*, Kind>, 5> kinds = {{{"flip:batch=", Kind::kFlip},
                                                                  {"crash:sample=", Kind::kCrash},
                                                                  {"hang:sample=", Kind::kHang},
                                                                  {"enospc@save=", Kind::kNoSpace},
                                                                  {"eio:every=", Kind::kReadError}}};
  for (const auto& [word, kind] : kinds) {
    Reader reader(text);
    const auto number = reader.skip(word) ? reader.number() : std::nullopt;
    if (number && reader.over()) return Entry{kind, -1, *number, {}};
  }
  return std::nullopt;
}

FaultPlan::Entry FaultPlan::parse(const std::string& text) {
  if (const auto entry = parse_at_batch(text)) return *entry;
  if (const auto entry = parse_numbered(text)) return *entry;
  Reader reader(text);
  const auto delay = reader.skip("slow-read:") ? reader.time() : std::nullopt;
  if (delay && reader.over()) return {Kind::kSlowRead, -1, 0, delay};
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

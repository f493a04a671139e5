#include "report_file.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/metrics/history.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_errno_of(const char* what, const fs::path& path) {
  throw fs::filesystem_error(what, path, std::error_code(errno, std::generic_category()));
}

/// Returns whether the path is a pipe or a device, which cannot be read again or replaced by a file.
bool is_no_file(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
}

void write_whole(const fs::path& path, std::string_view text, int how) {
  constexpr mode_t kMode = 0666;
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, kMode));
  if (!file) throw_errno_of("cannot open", path);
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_errno_of("cannot write", path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// Returns whether the line is the complete row of one of the first `epochs` epochs.
bool is_kept(std::string_view line, std::uint32_t epochs) {
  std::uint32_t epoch = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), epoch);
  return error == std::errc() && end != line.data() + line.size() && *end == ',' && epoch >= 1 &&
         epoch <= epochs;
}

/// Returns the names of the columns and the rows of the first `epochs` epochs, or an empty text when no row
/// is left.
std::string kept_part(std::string_view text, std::uint32_t epochs) {
  std::string names, rows;
  for (std::size_t end; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1)) {
    const std::string_view line = text.substr(0, end + 1);  // a line without a newline is incomplete
    if (names.empty() && line.starts_with("epoch,"))
      names = line;
    else if (is_kept(line, epochs))
      rows += line;
  }
  return rows.empty() ? "" : names + rows;
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::string names_of(const EpochFigures& epoch) {
  std::string text = "epoch,steps,samples,train_loss,learning_rate,val_loss";
  for (const auto& [name, value] : epoch.val) text += ",val_" + name;
  return text + ",seconds,samples_per_s,data_wait_s\n";
}

std::string row_of(const EpochFigures& epoch) {
  std::string text = fmt::format("{},{},{},{},{},{}", epoch.epoch, epoch.steps, epoch.samples,
                                 number(epoch.train_loss), epoch.learning_rate, number(epoch.val_loss));
  for (const auto& [name, value] : epoch.val) text += fmt::format(",{}", value);
  const double rate = epoch.seconds > 0 ? static_cast<double>(epoch.samples) / epoch.seconds : 0;
  return text + fmt::format(",{:.6f},{:.3f},{:.6f}\n", epoch.seconds, rate, epoch.data_wait_s);
}

}  // namespace

void check_history_path(const fs::path& path) {
  check_report_path("--history", path);
  if (!is_no_file(path)) return;
  throw UsageError(fmt::format(
      "Cannot write the file of --history, {}: it is a pipe or a device, and rows of epochs that are "
      "trained again are cut off the table. Name a file in a folder that exists and can be written.",
      path.string()));
}

History::History(fs::path path, std::uint32_t epochs_done) : path_(std::move(path)) {
  std::string kept;
  if (epochs_done > 0) {
    std::ifstream file(path_, std::ios::binary);
    kept = kept_part(std::string(std::istreambuf_iterator<char>(file), {}), epochs_done);
  }
  if (is_no_file(path_))
    throw fs::filesystem_error("is no file", path_, std::make_error_code(std::errc::invalid_argument));
  fs::path fresh = path_;
  fresh += fmt::format(".{}.tmp", ::getpid());
  write_whole(fresh, kept, O_EXCL);
  fs::rename(fresh, path_);
}

void History::add(const EpochFigures& epoch) {
  std::error_code missing;
  const bool has_names = fs::file_size(path_, missing) > 0 && !missing;
  write_whole(path_, (has_names ? "" : names_of(epoch)) + row_of(epoch), O_APPEND);
  if (missing)
    log_warning(
        fmt::format("The history {} was gone: another begins with epoch {}.", path_.string(), epoch.epoch));
}

}  // namespace feedline

#include "progress_text.hpp"

#include <feedline/metrics/progress.hpp>

#include <sys/ioctl.h>

namespace feedline {
namespace {

constexpr Clock::duration kMovingInterval = std::chrono::milliseconds(200);
constexpr const char* kEraseToEnd = "\x1b[K";

/// Returns the terminal's width less one, because on some terminals a cursor after the last column wraps.
std::size_t columns(std::FILE* out) {
  winsize size{};
  const int fd = ::fileno(out);
  const bool known = fd >= 0 && ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return (known ? size.ws_col : 80u) - 1;
}

}  // namespace

Progress::Progress(std::FILE* out, bool terminal, Clock::duration plain_interval)
    : out_(out), terminal_(terminal), interval_(terminal ? kMovingInterval : plain_interval) {}

Progress::~Progress() {
  if (!line_open_) return;
  std::fputc('\n', out_);
  std::fflush(out_);
}

void Progress::update(const ProgressState& state) {
  const Clock::time_point now = Clock::now();
  if (!next_) next_ = terminal_ ? now : now + interval_;
  if (now < *next_) return;
  next_ = now + interval_;
  if (terminal_) {
    std::fprintf(out_, "\r%s%s", moving_line(state, columns(out_)).c_str(), kEraseToEnd);
    line_open_ = true;
  } else {
    std::fprintf(out_, "%s\n", plain_line(state).c_str());
  }
  std::fflush(out_);
}

void Progress::end_epoch(const ProgressState& state, const std::map<std::string, double>& validation) {
  const std::string line = epoch_line(state, validation);
  if (terminal_) {
    std::fprintf(out_, "\r%s%s\n", line.c_str(), kEraseToEnd);
  } else {
    std::fprintf(out_, "%s\n", line.c_str());
  }
  std::fflush(out_);
  line_open_ = false;
  next_.reset();
}

}  // namespace feedline

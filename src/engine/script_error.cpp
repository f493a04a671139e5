#include "script_error.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
#include <sstream>
#include <string_view>
#include <vector>

namespace feedline {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kScript = "The following operation failed in the TorchScript interpreter.";
constexpr std::string_view kHere = "<--- HERE";
constexpr std::size_t kLongest = 400;

/// One call of a traceback.
struct Frame {
  std::string place;  ///< Place of the call: "net.py, line 8, in forward"
  std::string code;
  bool of_torch = false;
};

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string trimmed(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return std::string(line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1));
}

/// Returns where the reason begins in a line such as "RuntimeError: reason".
std::optional<std::size_t> after_type(const std::string& line) {
  const auto colon = line.find(": ");
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  const bool word = std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
  });
  return word ? std::optional(colon + 2) : std::nullopt;
}

std::string reason_of(const Lines& lines) {
  std::size_t line = 1;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].find(kHere) != std::string::npos) line = i + 1;
  }
  std::string reason;
  for (; line < lines.size(); ++line) {
    if (reason.empty()) {
      if (const auto begin = after_type(lines[line])) reason = trimmed(lines[line].substr(*begin));
    } else if (const std::string more = trimmed(lines[line]); !more.empty()) {
      reason += " " + more;
    }
  }
  if (reason.size() > kLongest) reason = reason.substr(0, kLongest) + " ...";
  while (!reason.empty() && reason.back() == '.') reason.pop_back();
  return reason.empty() ? "it failed, and torch gives no reason" : reason;
}

bool is_underline(const std::string& line) {
  const std::string text = trimmed(line);
  return !text.empty() && text.front() == '~';
}

Frame frame_at(const Lines& lines, std::size_t at) {
  std::string place = trimmed(lines[at]).substr(std::string_view("File \"").size());
  place.erase(std::remove(place.begin(), place.end(), '"'), place.end());
  Frame frame{place, {}, place.find("/torch/") != std::string::npos};
  for (std::size_t i = at + 1; i < lines.size() && lines[i].rfind("  File \"", 0) != 0; ++i) {
    if (!is_underline(lines[i])) continue;
    if (i > at + 1) frame.code = trimmed(lines[i - 1]);
    break;
  }
  return frame;
}

/// Returns the innermost call outside of torch, with a place in the user's files if the module knows them.
std::optional<Frame> frame_of(const Lines& lines) {
  std::optional<Frame> best;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].rfind("Traceback of TorchScript, original code", 0) == 0) best.reset();
    if (lines[i].rfind("  File \"", 0) != 0) continue;
    const Frame frame = frame_at(lines, i);
    if (!best || best->of_torch || !frame.of_torch) best = frame;
  }
  return best;
}

}  // namespace

bool is_script_error(const std::string& text) noexcept {
  return text.find(kScript) != std::string::npos;
}

std::string explain_torch_error(const std::string& text) {
  if (!is_script_error(text)) return text.substr(0, text.find('\n'));
  const Lines lines = lines_of(text);
  const auto frame = frame_of(lines);
  std::string explained = reason_of(lines);
  if (!frame) return explained;
  explained += " (" + frame->place;
  if (!frame->code.empty()) explained += ": `" + frame->code + "`";
  return explained + ")";
}

}  // namespace feedline

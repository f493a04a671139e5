#include <feedline/data/class_list.hpp>

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstddef>

namespace feedline {
namespace {

bool is_utf8(const std::string& text) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(at, left, &point);
    if (length <= 0) return false;
    at += length;
    left -= length;
  }
  return true;
}

}  // namespace

std::string class_list(std::span<const std::string> names) {
  constexpr unsigned char kFirstVisible = 0x20, kDelete = 0x7f;
  std::string text;
  for (const std::string& name : names) {
    const bool readable = is_utf8(name);
    for (const char each : name) {
      const auto byte = static_cast<unsigned char>(each);
      if (each == '\\') {
        text += "\\\\";
      } else if (byte < kFirstVisible || byte == kDelete || (byte > kDelete && !readable)) {
        text += fmt::format("\\x{:02x}", byte);
      } else {
        text += each;
      }
    }
    text += '\n';
  }
  return text;
}

std::vector<std::string> listed_names(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find('\n'), list.size());
    names.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return names;
}

std::string readable_name(const std::string& name) {
  return is_utf8(name) ? name : listed_names(class_list({&name, 1})).front();
}

}  // namespace feedline

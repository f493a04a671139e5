#include "xmp.hpp"

namespace feedline {

std::optional<int> xmp_orientation(std::string_view packet) noexcept {
  constexpr std::string_view kName = "tiff:Orientation";
  for (std::size_t at = packet.find(kName); at != packet.npos; at = packet.find(kName, at)) {
    at += kName.size();
    std::string_view value = packet.substr(at);
    if (value.starts_with("=\"")) {
      value.remove_prefix(2);
    } else if (value.starts_with(">")) {
      value.remove_prefix(1);
    } else {
      continue;
    }
    if (value.empty() || value[0] < '0' || value[0] > '9') continue;
    return value[0] >= '1' && value[0] <= '8' ? value[0] - '0' : 1;
  }
  return std::nullopt;
}

}  // namespace feedline

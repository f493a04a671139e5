#include <feedline/common/text.hpp>
#include <feedline/data/refusals.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace feedline {
namespace {

constexpr std::size_t kNamed = 3;

}  // namespace

void Refusals::add(const std::string& reason, const std::string& path) {
  Kind& kind = reasons_[reason];
  ++kind.count;
  if (kind.first.size() < kNamed) kind.first.push_back(printable(path));
}

std::string Refusals::text() const {
  std::string text;
  for (const auto& [reason, kind] : reasons_)
    text += fmt::format("\n  {}: {} ({}{})", kind.count, reason, fmt::join(kind.first, ", "),
                        kind.count > kind.first.size() ? ", ..." : "");
  return text;
}

}  // namespace feedline

#include <feedline/common/text.hpp>
#include <feedline/data/refusals.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace feedline {
std::string FirstNames::text() const {
  return fmt::format("{}{}", fmt::join(first_, ", "), count_ > first_.size() ? ", ..." : "");
}

void Refusals::add(const std::string& reason, const std::string& path) {
  reasons_[reason].add(printable(path));
}

std::string Refusals::text() const {
  std::string text;
  for (const auto& [reason, samples] : reasons_)
    text += fmt::format("\n  {}: {} ({})", samples.count(), reason, samples.text());
  return text;
}

}  // namespace feedline

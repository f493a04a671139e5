#include "class_names.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <map>
#include <memory>

namespace feedline {

std::string composed(const std::string& name) {
  struct Free {
    void operator()(utf8proc_uint8_t* memory) const noexcept { std::free(memory); }
  };
  utf8proc_uint8_t* mapped = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                                   static_cast<utf8proc_ssize_t>(name.size()), &mapped,
                                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(mapped);
  if (length < 0) return name;
  return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length)};
}

std::optional<std::pair<std::string, std::string>> find_look_alikes(const std::vector<std::string>& names) {
  std::map<std::string, std::string> seen;
  for (const std::string& name : names) {
    const auto [known, is_new] = seen.emplace(composed(name), name);
    if (!is_new) return std::pair(known->second, name);
  }
  return std::nullopt;
}

}  // namespace feedline

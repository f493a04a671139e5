#include "name_forms.hpp"

#include <utf8proc.h>

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace feedline {
namespace {

std::string mapped(const std::string& name, int options) {
  struct Free {
    void operator()(utf8proc_uint8_t* memory) const noexcept { std::free(memory); }
  };
  utf8proc_uint8_t* result = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                                   static_cast<utf8proc_ssize_t>(name.size()), &result,
                                   static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(result);
  if (length < 0) return name;
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(length)};
}

}  // namespace

std::string composed_name(const std::string& name) {
  return mapped(name, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string folded_name(const std::string& name) {
  return mapped(name, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
}

}  // namespace feedline

#include <feedline/common/errors.hpp>

#include <cerrno>
#include <system_error>

namespace feedline {

void throw_errno(const std::string& what) {
  throw_errno(what, errno);
}

void throw_errno(const std::string& what, int error_number) {
  throw InternalError(what + ": " + std::generic_category().message(error_number));
}

}  // namespace feedline

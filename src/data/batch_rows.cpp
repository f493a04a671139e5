#include "batch_rows.hpp"

#include <feedline/common/log.hpp>

#include <fmt/format.h>

namespace feedline {

std::uint32_t batch_rows(const DataOptions& options, std::uint64_t train_size) {
  if (options.batch_size_given || options.batch_size <= train_size) return options.batch_size;
  log_info(fmt::format("Batches have {} samples, all of the training set, not {} (--batch-size).", train_size,
                       options.batch_size));
  return static_cast<std::uint32_t>(train_size);
}

}  // namespace feedline

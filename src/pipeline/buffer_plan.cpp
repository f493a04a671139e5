#include <feedline/common/errors.hpp>
#include <feedline/common/text.hpp>
#include <feedline/pipeline/buffer_plan.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace feedline {

BufferPlan plan_buffer(const BatchSpec& spec, std::size_t asked_batches, std::optional<std::uint64_t> budget,
                       std::uint64_t available) {
  const std::uint64_t most = budget ? std::min(*budget, available) : available / 4;
  const std::string reason = !budget ? fmt::format("a quarter of the {} of free memory is {}",
                                                   format_bytes(available), format_bytes(most))
                             : *budget <= available
                                 ? fmt::format("--buffer-bytes allows {}", format_bytes(most))
                                 : fmt::format("no more than {} of memory is free", format_bytes(most));
  BufferPlan plan;
  plan.batches = std::min<std::uint64_t>(asked_batches, most / spec.slot_bytes());
  plan.bytes = plan.batches * spec.slot_bytes();
  if (plan.batches == 0) {
    // A larger --buffer-bytes helps only where there is more memory.
    const bool may_grow = available >= spec.slot_bytes();
    throw UsageError(fmt::format("One batch takes {}, but {}. Use a smaller --batch-size or {}.",
                                 format_bytes(spec.slot_bytes()), reason,
                                 may_grow ? "a larger --buffer-bytes" : "give the job more memory"));
  }
  if (plan.batches < asked_batches) {
    plan.note = fmt::format("The buffer holds {} batches, not the {} of --buffer-size: one takes {}, and {}.",
                            plan.batches, asked_batches, format_bytes(spec.slot_bytes()), reason);
  }
  return plan;
}

}  // namespace feedline

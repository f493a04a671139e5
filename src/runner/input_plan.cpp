#include "input_plan.hpp"

#include <feedline/common/divide_up.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/common/resources.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace feedline {
namespace {

/// Cores of the nodes that data ranks are on.
int cores_of(const World& world, const std::vector<InputPlan>& plan) {
  int cores = 0;
  const int ranks = static_cast<int>(plan.size());
  for (int rank = 0; rank < ranks; ++rank) {
    bool counted = false;
    for (int other = 0; other < rank; ++other) counted |= world.topology().same_node(other, rank);
    if (!counted) cores += plan[static_cast<std::size_t>(rank)].cores;
  }
  return cores;
}

}  // namespace

int data_ranks_beside(const World& world, const Roles& roles) {
  int count = 0;
  for (int rank = 0; rank < roles.data_ranks; ++rank)
    count += world.topology().same_node(rank, world.rank()) ? 1 : 0;
  return count;
}

InputPlan plan_input(const Options& options, const DataSplits& data, const DataShare& share) {
  InputPlan plan;
  plan.info = data.info;
  plan.cores = usable_cores();
  plan.cache_whole = data.cache_whole;
  plan.own_workers = options.num_workers.value_or(divide_up(plan.cores, share.here));
  std::optional<std::uint64_t> budget = options.buffer_bytes;
  if (budget) *budget /= static_cast<std::uint64_t>(share.ranks);
  const std::uint64_t available = available_memory() - std::min(available_memory(), data.cache_budget);
  plan.buffer = plan_buffer(prepared_spec_of(data),
                            divide_up(options.buffer_size, static_cast<std::size_t>(share.ranks)), budget,
                            available / static_cast<std::uint64_t>(share.here));
  if (!plan.buffer.note.empty()) {
    log_info(plan.buffer.note +
             (share.ranks > 1 ? fmt::format(" Each of the {} data ranks has its part of both.", share.ranks)
                              : ""));
  }
  return plan;
}

InputPlan agree_on_data(World& world, const Roles& roles, const std::string& mine) {
  const std::vector<std::string> texts = world.gather(mine, "all ranks to open the data");
  std::vector<InputPlan> all;
  for (int rank = 0; rank < roles.data_ranks; ++rank)
    all.push_back(input_plan_from(texts[static_cast<std::size_t>(rank)]));
  InputPlan plan = all.front();
  const bool prepares = roles.prepares_data(world.rank());
  const InputPlan& own = prepares ? all[static_cast<std::size_t>(world.rank())] : plan;
  world.together("compare the data", [&] {
    if (to_text(own.info) == to_text(plan.info)) return;
    throw DataError(fmt::format(
        "Rank {} sees other data than rank 0: {}. All ranks that prepare data need the same files.",
        world.rank(),
        own.info.train_size != plan.info.train_size
            ? fmt::format("{} training samples instead of {}", own.info.train_size, plan.info.train_size)
            : "as many training samples, with other names, labels or contents"));
  });
  std::size_t batches = plan.buffer.batches;  // of one rank
  for (const InputPlan& each : all) batches = std::min(batches, each.buffer.batches);
  plan.buffer.bytes = plan.buffer.bytes / plan.buffer.batches * batches * all.size();
  plan.buffer.batches = batches * all.size();
  plan.workers = 0;
  for (const InputPlan& each : all) plan.workers += each.own_workers;
  plan.own_workers = own.own_workers;
  plan.cores = cores_of(world, all);
  return plan;
}

}  // namespace feedline

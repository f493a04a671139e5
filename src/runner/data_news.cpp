#include "data_news.hpp"

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
int cores_of(const World& world, const std::vector<DataNews>& news) {
  int cores = 0;
  const int ranks = static_cast<int>(news.size());
  for (int rank = 0; rank < ranks; ++rank) {
    bool counted = false;
    for (int other = 0; other < rank; ++other) counted |= world.topology().same_node(other, rank);
    if (!counted) cores += news[static_cast<std::size_t>(rank)].cores;
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

DataNews plan_input(const Options& options, const DataSplits& data, const DataShare& share) {
  DataNews news;
  news.info = data.info;
  news.cores = usable_cores();
  news.cache_whole = data.cache_whole;
  news.own_workers = options.num_workers.value_or(divide_up(news.cores, share.here));
  std::optional<std::uint64_t> budget = options.buffer_bytes;
  if (budget) *budget /= static_cast<std::uint64_t>(share.ranks);
  const std::uint64_t available = available_memory() - std::min(available_memory(), data.cache_budget);
  news.buffer = plan_buffer(prepared_spec_of(data),
                            divide_up(options.buffer_size, static_cast<std::size_t>(share.ranks)), budget,
                            available / static_cast<std::uint64_t>(share.here));
  if (!news.buffer.note.empty()) {
    log_info(news.buffer.note +
             (share.ranks > 1 ? fmt::format(" Each of the {} data ranks has its part of both.", share.ranks)
                              : ""));
  }
  return news;
}

DataNews agree_on_data(World& world, const Roles& roles, const std::string& mine) {
  const std::vector<std::string> texts = world.gather(mine, "all ranks to open the data");
  std::vector<DataNews> all;
  for (int rank = 0; rank < roles.data_ranks; ++rank)
    all.push_back(data_news_from(texts[static_cast<std::size_t>(rank)]));
  DataNews news = all.front();
  const bool prepares = roles.prepares_data(world.rank());
  const DataNews& own = prepares ? all[static_cast<std::size_t>(world.rank())] : news;
  world.together("compare the data", [&] {
    if (to_text(own.info) == to_text(news.info)) return;
    throw DataError(fmt::format(
        "Rank {} sees other data than rank 0: {}. All ranks that prepare data need the same files.",
        world.rank(),
        own.info.train_size != news.info.train_size
            ? fmt::format("{} training samples instead of {}", own.info.train_size, news.info.train_size)
            : "as many training samples, with other names, labels or contents"));
  });
  std::size_t batches = news.buffer.batches;  // of one rank
  for (const DataNews& each : all) batches = std::min(batches, each.buffer.batches);
  news.buffer.bytes = news.buffer.bytes / news.buffer.batches * batches * all.size();
  news.buffer.batches = batches * all.size();
  news.workers = 0;
  for (const DataNews& each : all) news.workers += each.own_workers;
  news.own_workers = own.own_workers;
  news.cores = cores_of(world, all);
  return news;
}

}  // namespace feedline

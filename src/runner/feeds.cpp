#include "feeds.hpp"

#include <feedline/transport/interleaved_receiver.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace feedline {
namespace {

ChannelRequest channel_request(const Session& session, int data_rank,
                               const std::shared_ptr<Failover>& failover) {
  ChannelRequest request;
  request.transport = session.options.transport;
  request.data_rank = data_rank;
  request.model_rank = session.roles.model_rank();
  request.spec = session.spec;
  request.depth = session.buffer.batches / static_cast<std::size_t>(session.roles.data_ranks);
  // Held weakly: it may hold the channel, which must go before MPI does.
  request.on_data_rank_loss = [held = std::weak_ptr(failover)](const std::string& message) {
    const auto taker = held.lock();
    return taker && taker->accept(message);
  };
  request.gpus.both = session.devices.data.is_cuda() && session.devices.model.is_cuda();
  request.gpus.mine = session.gpu;
  request.gpus.uses = session.compute_stream.get();
  request.gpus.ctas = session.options.nccl_ctas;
  request.gpus.transform = session.transform;
  if (!request.gpus.both) return request;
  if (session.compute_stream == nullptr)
    request.gpus.copies = lane_in(session.timeline.trace(), "copies to the GPU");
  request.gpus.transfers = lane_in(session.timeline.trace(), "transfers between the GPUs");
  return request;
}

/// What the roles see of the feeds.
Channel join_feeds(const std::vector<Feed>& feeds) {
  Channel whole = feeds.front().channel;
  if (feeds.size() == 1) return whole;
  std::vector<std::shared_ptr<BatchReceiver>> receivers;
  for (const Feed& feed : feeds) {
    receivers.push_back(feed.channel.receiver);
    if (feed.channel.transport != whole.transport) whole.transport = "mpi";  // the slower one
  }
  whole.receiver = std::make_shared<InterleavedReceiver>(std::move(receivers));
  return whole;
}

}  // namespace

void connect_feeds(World& world, Session& session) {
  const auto parts = static_cast<std::uint64_t>(session.roles.data_ranks);
  for (int data_rank = 0; data_rank < session.roles.data_ranks; ++data_rank) {
    auto failover = std::make_shared<Failover>();
    Channel channel = connect(world, channel_request(session, data_rank, failover));
    if (channel.sender == nullptr && channel.receiver == nullptr) continue;
    session.feeds.push_back({data_rank, session.schedule.part(static_cast<std::uint64_t>(data_rank), parts),
                             std::move(failover), std::move(channel)});
  }
  session.channel = join_feeds(session.feeds);
}

}  // namespace feedline

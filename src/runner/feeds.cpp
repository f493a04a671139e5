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
  request.transport = session.plan.options.transport;
  request.data_rank = data_rank;
  request.model_rank = session.plan.roles.model_rank();
  request.spec = session.plan.spec;
  request.depth = session.plan.buffer.batches / static_cast<std::size_t>(session.plan.roles.data_ranks);
  // Held weakly: it may hold the channel, which must go before MPI does.
  request.on_data_rank_loss = [held = std::weak_ptr(failover)](const std::string& message) {
    const auto taker = held.lock();
    return taker && taker->accept(message);
  };
  request.gpus.both = session.plan.devices.data.is_cuda() && session.plan.devices.model.is_cuda();
  request.gpus.mine = session.gpu;
  request.gpus.uses = session.compute_stream.get();
  request.gpus.ctas = session.plan.options.nccl_ctas;
  request.gpus.transform = session.transform;
  if (!request.gpus.both) return request;
  if (session.compute_stream == nullptr)
    request.gpus.copies = lane_in(session.timeline.trace(), "copies to the GPU");
  request.gpus.transfers = lane_in(session.timeline.trace(), "transfers between the GPUs");
  return request;
}

/// The stream that the channels of all feeds with an end on this rank make up.
Channel join_channels(const std::vector<Channel>& channels) {
  Channel whole = channels.front();
  if (channels.size() == 1) return whole;
  std::vector<ReceivingEnd> ends;
  for (const Channel& channel : channels) {
    ends.emplace_back(channel.receiver, channel.control);
    if (channel.transport != whole.transport) whole.transport = TransportKind::kMpi;  // the slower one
  }
  const auto receiver = std::make_shared<InterleavedReceiver>(std::move(ends));
  whole.receiver = receiver;
  whole.control = receiver;
  return whole;
}

}  // namespace

void connect_feeds(World& world, Session& session) {
  const auto parts = static_cast<std::uint64_t>(session.plan.roles.data_ranks);
  std::vector<Channel> channels;
  for (int data_rank = 0; data_rank < session.plan.roles.data_ranks; ++data_rank) {
    auto failover = std::make_shared<Failover>();
    Channel channel = connect(world, channel_request(session, data_rank, failover));
    if (channel.control == nullptr) continue;
    session.feeds.push_back({data_rank,
                             session.plan.schedule.part(static_cast<std::uint64_t>(data_rank), parts),
                             std::move(failover), traits_of(channel.transport), channel.control});
    channels.push_back(std::move(channel));
  }
  session.channel = join_channels(channels);
}

}  // namespace feedline

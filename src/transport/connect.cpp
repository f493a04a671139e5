#include <feedline/common/log.hpp>
#include <feedline/common/text.hpp>
#include <feedline/transport/connect.hpp>
#include <feedline/transport/local.hpp>
#include <feedline/transport/mpi.hpp>
#include <feedline/transport/nccl.hpp>
#include <feedline/transport/shm.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace feedline {
namespace {

/// Slots at the receiving end of an MPI channel: enough to hide the time of the transfer. The depth is that
/// of the sender.
constexpr std::size_t kMpiReceiveSlots = 8;

/// Longest time in which two GPUs may be connected, in seconds.
constexpr double kConnecting = 120;

/// Timeout of both ends, in seconds: a week, since a watchdog that knows how long batches take finds out
/// which rank hangs, see runner/watch.hpp.
constexpr double kWatched = 7 * 86400;

RingOptions ring_options(const ChannelRequest& request, TransportKind transport) {
  RingOptions options;
  options.sender_name = fmt::format("rank {} (data)", request.data_rank);
  options.receiver_name = fmt::format("rank {} (model)", request.model_rank);
  if (request.data_rank != request.model_rank) options.checks = ChecksumKind::kHash;
  if (transport == TransportKind::kNccl) options.checks = ChecksumKind::kSum;  // checked by the GPU
  options.receive_timeout = options.acquire_timeout = kWatched;
  return options;
}

TransportKind best_of(const ChannelRequest& request, bool near) {
  if (request.data_rank == request.model_rank) return TransportKind::kLocal;
  if (request.gpus.both) return TransportKind::kNccl;
  return near ? TransportKind::kShm : TransportKind::kMpi;
}

TransportKind pick(const World& world, const ChannelRequest& request) {
  const bool one_rank = request.data_rank == request.model_rank;
  const bool near = world.topology().see_each_other(request.data_rank, request.model_rank);
  if (!request.transport) return best_of(request, near);
  const TransportKind asked = *request.transport;
  if (one_rank != (asked == TransportKind::kLocal)) {
    throw UsageError(
        fmt::format("--transport {} needs {}. Use --transport auto.", name_of(asked),
                    one_rank ? "two ranks (mpirun -np 2), and this is one" : "one rank, and there are more"));
  }
  if (asked == TransportKind::kShm && !near) {
    throw UsageError(
        fmt::format("--transport shm needs ranks {} and {} on one node, but they are on '{}' and '{}'. Use "
                    "--transport mpi or auto.",
                    request.data_rank, request.model_rank, world.topology().rank(request.data_rank).host,
                    world.topology().rank(request.model_rank).host));
  }
  if (asked == TransportKind::kNccl && !request.gpus.both) {
    throw UsageError(
        "--transport nccl goes from GPU to GPU, and the two ranks do not have one each. Use --transport "
        "auto, "
        "shm (one node) or mpi (any nodes).");
  }
  return asked;
}

/// Makes a channel of the end that this rank has, if any.
template <class Sender, class Receiver>
Channel channel_of(TransportKind transport, const std::shared_ptr<Sender>& sender,
                   const std::shared_ptr<Receiver>& receiver) {
  if (sender != nullptr) return {transport, sender, nullptr, sender};
  return {transport, nullptr, receiver, receiver};
}

Channel connect_local(const ChannelRequest& request) {
  const auto ring =
      make_local_ring(request.spec, request.depth, ring_options(request, TransportKind::kLocal));
  const auto sender = std::make_shared<RingSender>(ring);
  const auto receiver = std::make_shared<RingReceiver>(ring);
  return {TransportKind::kLocal, sender, receiver, std::make_shared<LocalControl>(sender, receiver)};
}

std::string to_text(const ShmAddress& address) {
  return fmt::format("{} {} {}", address.pid, address.fd, address.token);
}

ShmAddress address_from(const std::string& text) {
  ShmAddress address;
  unsigned long long token = 0;
  ensure(std::sscanf(text.c_str(), "%d %d %llu", &address.pid, &address.fd, &token) == 3,
         "an unreadable ring address");
  address.token = token;
  return address;
}

/// Returns std::nullopt when the receiver could not open the ring; the receiver reports the reason.
std::optional<Channel> connect_shm(World& world, const ChannelRequest& request) {
  const RingOptions options = ring_options(request, TransportKind::kShm);
  std::optional<ShmRing> made;
  std::shared_ptr<SlotRing> opened;
  world.together("make the batch buffer", [&] {
    if (world.rank() == request.data_rank) made.emplace(request.spec, request.depth, options);
  });
  const std::string address = world.broadcast(made ? to_text(made->address()) : "", request.data_rank,
                                              "the address of the batch buffer");
  std::string trouble;
  if (world.rank() == request.model_rank) {
    try {
      opened = open_shm_ring(address_from(address), request.spec, request.depth, options);
    } catch (const Error& error) {
      trouble = error.what();
    }
  }
  trouble = world.broadcast(trouble, request.model_rank, "the other rank to open the batch buffer");
  if (!trouble.empty()) {
    world.together("open the batch buffer", [&] {
      if (world.rank() != request.model_rank) return;
      if (request.transport == TransportKind::kShm)
        throw UsageError("--transport shm: " + trouble + " Use --transport mpi.");
      log_warning(trouble + " Batches go over MPI instead.");
    });
    return std::nullopt;
  }
  if (made) made->forget_fd();
  return channel_of(TransportKind::kShm, made ? std::make_shared<RingSender>(made->ring()) : nullptr,
                    opened ? std::make_shared<RingReceiver>(opened) : nullptr);
}

Channel connect_mpi(World& world, const ChannelRequest& request) {
  world.together("size the messages", [&] {
    if (world.rank() != request.data_rank || request.spec.slot_bytes() <= kLargestMessage) return;
    throw UsageError(
        fmt::format("One batch takes {}, but the mpi transport moves at most 2 GiB at once. Use a smaller "
                    "--batch-size.",
                    format_bytes(request.spec.slot_bytes())));
  });
  std::shared_ptr<MpiSender> sender;
  std::shared_ptr<MpiReceiver> receiver;
  MpiChannelOptions options;
  options.ring = ring_options(request, TransportKind::kMpi);
  world.together("make the batch buffer", [&] {
    if (world.rank() == request.data_rank) {
      options.peer = request.model_rank;
      sender = std::make_shared<MpiSender>(world.communicator(), request.spec, request.depth, options);
    } else if (world.rank() == request.model_rank) {
      options.peer = request.data_rank;
      receiver = std::make_shared<MpiReceiver>(world.communicator(), request.spec,
                                               std::min(request.depth, kMpiReceiveSlots), options);
    }
  });
  return channel_of(TransportKind::kMpi, sender, receiver);
}

/// Connects the two GPUs and sends a first block over their link.
std::shared_ptr<DeviceLink> connect_gpus(World& world, const ChannelRequest& request) {
  const bool sends = world.rank() == request.data_rank, receives = world.rank() == request.model_rank;
  LinkRequest link{"", receives ? 1 : 0, world.rank(), request.gpus.ctas};
  world.together("name the link between the GPUs", [&] {
    if (sends) link.id = new_link_id(*request.gpus.mine);
  });
  link.id = world.broadcast(link.id, request.data_rank, "the name of the link between the GPUs");
  std::shared_ptr<DeviceLink> opened;
  world.together("open the link between the GPUs", [&] {
    if (sends || receives) opened = open_link(link, *request.gpus.mine);
  });
  world.together("connect the GPUs", [&] {
    if (opened) warm_up(opened, *request.gpus.mine, link.end, kConnecting, [&] { world.check_peers(); });
  });
  return opened;
}

std::shared_ptr<NcclSender> make_sender(Messenger& messenger, const ChannelRequest& request,
                                        const NcclChannelOptions& options,
                                        const std::shared_ptr<DeviceLink>& link) {
  const ChannelGpus& gpus = request.gpus;
  if (!gpus.transform)
    return std::make_shared<NcclSender>(messenger, request.spec, request.depth, options, gpus.mine, link);
  ensure(gpus.transform->makes() == request.spec, "a transform that makes other batches than cross");
  return std::make_shared<NcclSender>(messenger, gpus.transform, request.depth, options, gpus.mine, link);
}

Channel connect_nccl(World& world, const ChannelRequest& request) {
  const std::shared_ptr<DeviceLink> link = connect_gpus(world, request);
  std::shared_ptr<NcclSender> sender;
  std::shared_ptr<NcclReceiver> receiver;
  NcclChannelOptions options;
  options.ring = ring_options(request, TransportKind::kNccl);
  const ChannelGpus& gpus = request.gpus;
  options.copies = gpus.copies;
  options.transfers = gpus.transfers;
  world.together("make the batch buffer", [&] {
    if (world.rank() == request.data_rank) {
      options.peer = request.model_rank;
      sender = make_sender(world.communicator(), request, options, link);
    } else if (world.rank() == request.model_rank) {
      options.peer = request.data_rank;
      receiver = std::make_shared<NcclReceiver>(world.communicator(), request.spec, options, gpus.mine, link,
                                                *gpus.uses);
    }
  });
  return channel_of(TransportKind::kNccl, sender, receiver);
}

Channel connect_by(World& world, const ChannelRequest& request, TransportKind transport) {
  if (transport == TransportKind::kLocal) return connect_local(request);
  if (transport == TransportKind::kNccl) return connect_nccl(world, request);
  if (transport == TransportKind::kShm) {
    if (auto channel = connect_shm(world, request)) return *channel;
  }
  return connect_mpi(world, request);
}

}  // namespace

Channel connect(World& world, const ChannelRequest& request) {
  world.together("choose a transport", [&] {
    if (world.rank() == request.data_rank) pick(world, request);  // one error, not one per rank
  });
  Channel channel = connect_by(world, request, pick(world, request));
  const int peer = world.rank() == request.data_rank ? request.model_rank : request.data_rank;
  // Held weakly, because a channel must be destroyed before MPI ends.
  world.on_loss([peer, control = std::weak_ptr(channel.control), receives = channel.receiver != nullptr,
                 take_over = request.on_data_rank_loss](const Loss& loss) {
    if (loss.rank != peer || control.expired()) return;
    if (receives && take_over && take_over(loss.message)) return;
    if (const auto end = control.lock()) end->lose_peer(loss.message);
  });
  return channel;
}

}  // namespace feedline

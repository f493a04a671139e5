#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace feedline {

/// The ways for batches to get from the sender to the receiver.
enum class TransportKind {
  kLocal,  ///< Between threads of one process
  kShm,    ///< Between processes of one node, over shared memory
  kMpi,    ///< Between any two ranks
  kNccl,   ///< Between the GPUs of any two ranks
};

inline constexpr std::array kTransportKinds = {TransportKind::kLocal, TransportKind::kShm,
                                               TransportKind::kMpi, TransportKind::kNccl};

/// The properties of a transport that other code depends on.
struct TransportTraits {
  bool beats = false;              ///< Both ends show signs of life, which ChannelView counts
  bool needs_mpi = false;          ///< Batches need MPI on their way: none arrive once a rank is lost
  bool arrives_on_device = false;  ///< Batches arrive on the receiver's device, not in host memory
};

TransportTraits traits_of(TransportKind kind) noexcept;

/// Returns the name that `--transport` and the summary use, such as "shm".
std::string_view name_of(TransportKind kind) noexcept;

/// Returns the transport of that name; std::nullopt for "auto". Throws InternalError for any other text.
std::optional<TransportKind> transport_named(std::string_view name);

}  // namespace feedline

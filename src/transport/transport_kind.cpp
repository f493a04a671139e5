#include <feedline/common/errors.hpp>
#include <feedline/transport/transport_kind.hpp>

#include <array>
#include <string>

namespace feedline {
namespace {

struct Entry {
  TransportKind kind;
  std::string_view name;
  TransportTraits traits;
};

constexpr std::array<Entry, 4> kTransports{{
    {TransportKind::kLocal, "local", {}},
    {TransportKind::kShm, "shm", {.beats = true}},
    {TransportKind::kMpi, "mpi", {.needs_mpi = true}},
    {TransportKind::kNccl, "nccl", {.needs_mpi = true, .arrives_on_device = true}},
}};

const Entry& entry_of(TransportKind kind) noexcept {
  return kTransports[static_cast<std::size_t>(kind)];
}

}  // namespace

TransportTraits traits_of(TransportKind kind) noexcept {
  return entry_of(kind).traits;
}

std::string_view name_of(TransportKind kind) noexcept {
  return entry_of(kind).name;
}

std::optional<TransportKind> transport_named(std::string_view name) {
  if (name == "auto") return std::nullopt;
  for (const Entry& entry : kTransports)
    if (entry.name == name) return entry.kind;
  throw InternalError("There is no transport '" + std::string(name) + "'.");
}

}  // namespace feedline

#include "../device_links.hpp"

#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>

#include <fmt/format.h>
#include <nccl.h>

#include <cstring>

namespace feedline {
namespace {

constexpr double kFarewell = 2;  // seconds

/// Checks a result of a non-blocking communicator, for which "in progress" is no error.
void check_nccl(ncclResult_t result, ncclComm_t comm, const char* call, int rank) {
  if (result == ncclSuccess || result == ncclInProgress) return;
  const char* more = comm != nullptr ? ncclGetLastError(comm) : nullptr;
  throw PeerError(fmt::format("Rank {}: {} failed: {}{}{}. NCCL_DEBUG=WARN says more.", rank, call,
                              ncclGetErrorString(result), more != nullptr && *more != '\0' ? ": " : "",
                              more != nullptr ? more : ""));
}

std::string to_hex(const ncclUniqueId& id) {
  std::string text;
  for (const char byte : id.internal) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

ncclUniqueId id_from(const std::string& hex) {
  ncclUniqueId id{};
  ensure(hex.size() == 2 * sizeof id.internal, "an NCCL id of the wrong length");
  for (std::size_t i = 0; i < sizeof id.internal; ++i)
    id.internal[i] = static_cast<char>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  return id;
}

class NcclLink final : public DeviceLink {
 public:
  NcclLink(const LinkRequest& request, DeviceRuntime& device)
      : peer_(1 - request.end), rank_(request.rank), device_(device) {
    device_.make_current();
    ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    config.blocking = 0;
    config.minCTAs = 1;
    config.maxCTAs = request.ctas;
    check_nccl(ncclCommInitRankConfig(&comm_, 2, id_from(request.id), request.end, &config), nullptr,
               "ncclCommInitRankConfig", rank_);
  }
  NcclLink(const NcclLink&) = delete;
  NcclLink& operator=(const NcclLink&) = delete;

  ~NcclLink() override {
    if (comm_ == nullptr) return;
    if (finalize()) {
      ncclCommDestroy(comm_);
    } else {
      abort();
    }
  }

  void send(std::span<const std::byte> block, Stream& stream) override {
    device_.make_current();
    check_nccl(ncclSend(block.data(), block.size(), ncclInt8, peer_, comm_, native(stream)), comm_,
               "ncclSend", rank_);
  }

  void receive(std::span<std::byte> block, Stream& stream) override {
    device_.make_current();
    check_nccl(ncclRecv(block.data(), block.size(), ncclInt8, peer_, comm_, native(stream)), comm_,
               "ncclRecv", rank_);
  }

  bool ready() override {
    ncclResult_t state = ncclSuccess;
    check_nccl(ncclCommGetAsyncError(comm_, &state), comm_, "ncclCommGetAsyncError", rank_);
    check_nccl(state, comm_, "NCCL", rank_);
    return state == ncclSuccess;
  }

  void abort() noexcept override {
    ncclCommAbort(comm_);
    comm_ = nullptr;
  }

 private:
  static cudaStream_t native(Stream& stream) { return static_cast<cudaStream_t>(stream.native()); }

  /// Returns whether all enqueued transfers are done within a short time.
  bool finalize() noexcept {
    ncclResult_t state = ncclCommFinalize(comm_);
    Backoff backoff;
    for (const Deadline soon = Deadline::in(kFarewell); state == ncclInProgress && !soon.passed();) {
      backoff.sleep();
      if (ncclCommGetAsyncError(comm_, &state) != ncclSuccess) return false;
    }
    return state == ncclSuccess;
  }

  int peer_;
  int rank_;
  DeviceRuntime& device_;
  ncclComm_t comm_ = nullptr;
};

}  // namespace

std::string new_nccl_id() {
  ncclUniqueId id;
  const ncclResult_t result = ncclGetUniqueId(&id);
  if (result != ncclSuccess)
    throw DeviceError(fmt::format("NCCL cannot be used: {}.", ncclGetErrorString(result)));
  return to_hex(id);
}

std::shared_ptr<DeviceLink> open_nccl_link(const LinkRequest& request, DeviceRuntime& device) {
  return std::make_shared<NcclLink>(request, device);
}

bool built_with_nccl() noexcept {
  return true;
}

}  // namespace feedline

#include "device_links.hpp"

#include <feedline/comm/socket_stream.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/posix.hpp>
#include <feedline/device/host_runtime.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <random>
#include <utility>

namespace feedline {
namespace {

UniqueFd make_socket() {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) throw_errno("make a socket");
  return fd;
}

/// A socket's name without a file, in this machine's network.
struct Address {
  sockaddr_un address{};
  socklen_t size = 0;

  explicit Address(const std::string& id) {
    address.sun_family = AF_UNIX;
    ensure(id.size() + 1 < sizeof address.sun_path, "a socket's name is too long");
    std::memcpy(address.sun_path + 1, id.data(), id.size());
    size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + id.size());
  }

  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&address); }
};

/// The link between stand-ins: streams do the transfers, over a socket. As with NCCL, it does not notice the
/// death of the other end; a transfer then never ends.
class SocketLink final : public DeviceLink {
 public:
  explicit SocketLink(const LinkRequest& request) : address_(request.id), waiting_(make_socket()) {
    if (request.end == 1) return;
    listens_ = true;
    if (::bind(waiting_.get(), address_.get(), address_.size) != 0) throw_errno("name a socket");
    if (::listen(waiting_.get(), 1) != 0) throw_errno("listen at a socket");
  }
  ~SocketLink() override { abort(); }

  void send(std::span<const std::byte> block, Stream& stream) override {
    run_on(stream, [this, block] {
      std::byte taken{};
      if (!give(block) || !take(std::span(&taken, 1))) hang();
    });
  }

  void receive(std::span<std::byte> block, Stream& stream) override {
    run_on(stream, [this, block] {
      const std::byte taken{};
      if (!take(block) || !give(std::span(&taken, 1))) hang();
    });
  }

  bool ready() override {
    if (socket_) return true;
    if (listens_) {
      UniqueFd accepted(::accept4(waiting_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (accepted.get() < 0) return false;
      socket_ = std::move(accepted);
    } else {
      if (::connect(waiting_.get(), address_.get(), address_.size) != 0) return false;
      if (::fcntl(waiting_.get(), F_SETFL, 0) != 0) throw_errno("wait at a socket");
      socket_ = std::move(waiting_);
    }
    return true;
  }

  void abort() noexcept override {
    if (socket_) ::shutdown(socket_.get(), SHUT_RDWR);
    aborted_ = true;
    aborted_.notify_all();
  }

 private:
  template <class Work>
  static void run_on(Stream& stream, Work work) {
    static_cast<HostStream&>(stream).run(std::move(work));
  }

  void hang() const noexcept { aborted_.wait(false); }

  bool give(std::span<const std::byte> bytes) const noexcept { return send_all(socket_.get(), bytes); }
  bool take(std::span<std::byte> bytes) const noexcept { return receive_all(socket_.get(), bytes); }

  Address address_;
  UniqueFd waiting_;  ///< Socket that waits for the other end
  bool listens_ = false;
  UniqueFd socket_;
  std::atomic<bool> aborted_{false};
};

}  // namespace

std::string new_socket_id() {
  return fmt::format("feedline-{}-{:08x}", getpid(), std::random_device()());
}

std::shared_ptr<DeviceLink> open_socket_link(const LinkRequest& request) {
  return std::make_shared<SocketLink>(request);
}

}  // namespace feedline

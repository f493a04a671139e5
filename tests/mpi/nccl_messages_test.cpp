#include "mpi_channel.hpp"
#include "socket_link.hpp"

#include <feedline/common/errors.hpp>
#include <feedline/device/host_runtime.hpp>
#include <feedline/transport/nccl.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>

namespace feedline {
namespace {

using testing::receive_numbered;
using testing::send_numbered;
using testing::SocketLink;
using ::testing::ThrowsMessage;

/// A socket without a file, by which two processes meet.
sockaddr_un address_of(const std::string& name, socklen_t& length) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(name, address.sun_path + 1);
  length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return address;
}

/// The nccl channel between two processes: real messages, stand-ins for devices, a socket for the link.
class NcclMessages : public testing::MpiChannel {
 protected:
  void open(std::size_t depth, std::size_t slots) {
    const auto link = connect();
    NcclChannelOptions options;
    options.peer = 1 - communicator_.rank();
    if (communicator_.rank() == 0) {
      sender_ = std::make_unique<NcclSender>(communicator_, spec_, depth, options, device_, link);
    } else {
      receiver_ = std::make_unique<NcclReceiver>(communicator_, spec_, options, device_, link, uses_, slots);
    }
    communicator_.barrier(30, "both ends");
  }

  std::shared_ptr<SocketLink> connect() {
    const std::string name =
        communicator_.broadcast("feedline-link-" + std::to_string(getpid()), 0, 30, "the link's name");
    socklen_t length = 0;
    const sockaddr_un address = address_of(name, length);
    const auto* where = reinterpret_cast<const sockaddr*>(&address);
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (communicator_.rank() == 0 &&
        (::bind(socket.get(), where, length) != 0 || ::listen(socket.get(), 1) != 0))
      throw_errno("bind");
    communicator_.barrier(30, "the link's socket");
    if (communicator_.rank() == 0)
      return std::make_shared<SocketLink>(UniqueFd(::accept(socket.get(), nullptr, nullptr)));
    if (::connect(socket.get(), where, length) != 0) throw_errno("connect");
    return std::make_shared<SocketLink>(std::move(socket));
  }

  std::shared_ptr<HostRuntime> device_ = std::make_shared<HostRuntime>();
  HostStream uses_;
};

TEST_F(NcclMessages, StreamArrivesInOrderAndEnds) {
  for (const std::size_t rows : {4, 2000}) {
    spec_ = testing::numbered_spec(static_cast<std::uint32_t>(rows));
    open(4, 3);
    start();
    if (sender_) {
      EXPECT_EQ(send_numbered(*sender_, 0, 200), 200u);
      sender_->finish();
      sender_->drain();
    } else {
      EXPECT_EQ(receive_numbered(*receiver_), 200u);
      receiver_->close();
    }
    shut();
  }
}

TEST_F(NcclMessages, ReceiverThatClosesEarlyEndsTheSender) {
  open(4, 3);
  start();
  if (sender_) {
    EXPECT_LT(send_numbered(*sender_, 0, 1'000'000), 1'000'000u);
    sender_->finish();
  } else {
    EXPECT_EQ(receive_numbered(*receiver_, 0, 5), 5u);
    receiver_->close();
  }
  shut();
}

TEST_F(NcclMessages, SenderThatFailsTellsTheReceiver) {
  open(4, 2);
  start();
  if (sender_) {
    send_numbered(*sender_, 0, 3);
    sender_->fail({ExitCode::kBadData, "a.wav is damaged"});
  } else {
    EXPECT_THAT([&] { receive_numbered(*receiver_); }, ThrowsMessage<RemoteError>("a.wav is damaged"));
    receiver_->close();
  }
  shut();
}

TEST_F(NcclMessages, ReceiverThatFailsTellsTheSender) {
  open(4, 2);
  start();
  if (sender_) {
    EXPECT_THAT([&] { send_numbered(*sender_, 0, 1'000'000); }, ThrowsMessage<RemoteError>("out of memory"));
    sender_->fail({ExitCode::kInternal, "echo"});
  } else {
    receive_numbered(*receiver_, 0, 3);
    receiver_->fail({ExitCode::kInternal, "out of memory"});
  }
  shut();
}

}  // namespace
}  // namespace feedline

#pragma once

#include "numbered_batches.hpp"

#include <feedline/comm/communicator.hpp>
#include <feedline/transport/mpi.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>

namespace feedline::testing {

/// Rank 0 is the sender, rank 1 the receiver.
class MpiChannel : public ::testing::Test {
 protected:
  void open(std::size_t sender_depth, std::size_t receiver_depth, MpiChannelOptions options = {}) {
    options.peer = 1 - communicator_.rank();
    if (communicator_.rank() == 0) {
      sender_ = std::make_unique<MpiSender>(communicator_, spec_, sender_depth, options);
    } else {
      receiver_ = std::make_unique<MpiReceiver>(communicator_, spec_, receiver_depth, options);
    }
    communicator_.barrier(30, "both ends");
  }

  void start() {
    if (sender_) sender_->start();
    if (receiver_) receiver_->start();
  }

  /// Both ends have gone after it, in whatever state they were.
  void shut() {
    if (sender_) sender_->join();
    if (receiver_) receiver_->join();
    sender_.reset();
    receiver_.reset();
    communicator_.barrier(30, "both ends to go");
  }

  Communicator communicator_;
  BatchSpec spec_ = numbered_spec();
  std::unique_ptr<MpiSender> sender_;
  std::unique_ptr<MpiReceiver> receiver_;
};

}  // namespace feedline::testing

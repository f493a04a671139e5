#pragma once

#include <feedline/comm/messenger.hpp>
#include <feedline/common/clock.hpp>
#include <feedline/common/errors.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace feedline {

/// MPI counts bytes in int.
inline constexpr std::size_t kLargestMessage = 0x7FFFFFFF;

/// The ranks came to different meetings, which only a failure on one of them explains.
class OtherMeeting : public InternalError {
 public:
  OtherMeeting(int rank, std::string meeting, std::string text);

  const std::string& meeting() const noexcept { return meeting_; }  ///< that rank's
  const std::string& text() const noexcept { return text_; }        ///< what it had to say there

 private:
  std::string meeting_, text_;
};

/// A communicator of this program's own (a duplicate of the world). Collective calls poll with growing
/// sleeps, so that a waiting rank uses no CPU, and give up with a PeerError at their deadline, or as soon as
/// `watch_peers` reports a loss, from one thread at a time. Messages of different peers, and their requests,
/// may be of different threads: each call of MPI waits for the others.
class Communicator final : public Messenger {
 public:
  /// Collective.
  Communicator();
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  ~Communicator() override;

  int rank() const noexcept { return rank_; }
  int size() const noexcept { return size_; }

  /// Called while waiting; throws when a peer is lost.
  void watch_peers(std::function<void()> check) { check_peers_ = std::move(check); }

  /// `awaited` names the meeting for the error message, e.g. "all ranks to open the data".
  void barrier(double timeout_s, const std::string& awaited);

  /// Every rank's text, by rank. Throws OtherMeeting when another rank awaits something else.
  std::vector<std::string> allgather(const std::string& mine, double timeout_s, const std::string& awaited);

  /// The text of `root`, on all ranks.
  std::string broadcast(const std::string& mine, int root, double timeout_s, const std::string& awaited);

  /// Of at most kLargestMessage bytes.
  Request isend(std::span<const std::byte> bytes, int to, int tag) override;
  Request irecv(std::span<std::byte> bytes, int from, int tag) override;

 private:
  struct Handle;
  std::vector<std::string> exchange(const std::string& mine, double timeout_s, const std::string& awaited);
  void wait(Request request, const Deadline& deadline, const std::string& awaited);

  std::unique_ptr<Handle> handle_;
  int rank_ = 0;
  int size_ = 1;
  std::function<void()> check_peers_;
};

/// What the ranks found when they compared notes.
struct Verdict {
  int rank = -1;  ///< first rank that failed, -1: none
  ExitCode code = ExitCode::kDone;
  std::string message;
};

/// Tells all ranks whether this one failed, and learns the same of them. Collective.
Verdict compare_notes(Communicator& communicator, const std::optional<Error>& mine, double timeout_s,
                      const std::string& awaited);

}  // namespace feedline

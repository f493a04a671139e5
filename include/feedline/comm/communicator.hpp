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

/// Largest message in bytes, since MPI counts them in int.
inline constexpr std::size_t kLargestMessage = 0x7FFFFFFF;

/// The ranks came to different meetings, which means that one of them has failed.
class OtherMeeting : public InternalError {
 public:
  OtherMeeting(int rank, std::string meeting, std::string text);

  const std::string& meeting() const noexcept { return meeting_; }  ///< Meeting of that rank
  const std::string& text() const noexcept { return text_; }        ///< Text of that rank at its meeting

 private:
  std::string meeting_, text_;
};

/// This program's own communicator, a duplicate of the world. Collective calls poll with growing sleeps, so
/// that a waiting rank uses hardly any CPU. They throw PeerError at their deadline, or as soon as the check
/// of `watch_peers` reports a loss. One thread at a time may make collective calls. Different threads may
/// handle messages of different peers and their requests, since each call of MPI waits for the others.
class Communicator final : public Messenger {
 public:
  /// The construction is collective.
  Communicator();
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  ~Communicator() override;

  int rank() const noexcept { return rank_; }
  int size() const noexcept { return size_; }

  /// Sets the function that is called while waiting. It throws when a peer is lost.
  void watch_peers(std::function<void()> check) { check_peers_ = std::move(check); }

  /// Waits for all ranks. `awaited` names the meeting for the error message, as in "all ranks to open the
  /// data".
  void barrier(double timeout_s, const std::string& awaited);

  /// Returns every rank's text, by rank. Throws OtherMeeting when another rank is at a different meeting.
  std::vector<std::string> allgather(const std::string& mine, double timeout_s, const std::string& awaited);

  /// Returns the text of `root` on all ranks. Throws as `allgather` does.
  std::string broadcast(const std::string& mine, int root, double timeout_s, const std::string& awaited);

  /// Messages have at most kLargestMessage bytes.
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

/// The result of `compare_notes`.
struct Verdict {
  int rank = -1;  ///< First rank that failed, -1 where none did
  ExitCode code = ExitCode::kDone;
  std::string message;
};

/// Exchanges with all ranks whether each has failed; `mine` is this rank's error. Collective.
Verdict compare_notes(Communicator& communicator, const std::optional<Error>& mine, double timeout_s,
                      const std::string& awaited);

}  // namespace feedline

#include <feedline/comm/communicator.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>
#include <mpi.h>

#include <mutex>
#include <numeric>
#include <utility>

namespace feedline {
namespace {

/// Longest pause between two looks at MPI. A look costs about 20 us, so a waiting rank uses about half a
/// percent of a core.
constexpr std::chrono::milliseconds kLongestPause{4};

void call(int status, const char* what) {
  if (status == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(status, text, &length);
  throw PeerError(fmt::format("{} failed: {}.", what, text));
}

int count_of(std::span<const std::byte> bytes) {
  ensure(bytes.size() <= kLargestMessage, "a message larger than MPI can count");
  return static_cast<int>(bytes.size());
}

class MpiRequest final : public Request::State {
 public:
  explicit MpiRequest(std::mutex& one_at_a_time) noexcept : one_at_a_time_(one_at_a_time) {}

  MPI_Request* handle() noexcept { return &request_; }

  bool test() override {
    const std::lock_guard lock(one_at_a_time_);
    int done = 0;
    call(MPI_Test(&request_, &done, MPI_STATUS_IGNORE), "A message to or from another rank");
    return done != 0;
  }

  void cancel() noexcept override {
    const std::lock_guard lock(one_at_a_time_);
    MPI_Cancel(&request_);
    MPI_Request_free(&request_);
  }

 private:
  std::mutex& one_at_a_time_;
  MPI_Request request_ = MPI_REQUEST_NULL;
};

}  // namespace

OtherMeeting::OtherMeeting(int rank, std::string meeting, std::string text)
    : InternalError(fmt::format("Rank {} waits for {}, but not so this one.", rank, meeting)),
      meeting_(std::move(meeting)),
      text_(std::move(text)) {}

struct Communicator::Handle {
  MPI_Comm comm = MPI_COMM_NULL;
  std::mutex one_at_a_time;  ///< Lock of all calls of MPI, as MPI_THREAD_SERIALIZED requires

  /// Makes a request that `begin(handle)` begins.
  template <class Begin>
  Request begin_request(const char* what, Begin begin) {
    auto state = std::make_unique<MpiRequest>(one_at_a_time);
    const std::lock_guard lock(one_at_a_time);
    call(begin(state->handle()), what);
    return Request(std::move(state));
  }
};

Communicator::Communicator() : handle_(std::make_unique<Handle>()) {
  call(MPI_Comm_dup(MPI_COMM_WORLD, &handle_->comm), "MPI_Comm_dup");
  MPI_Comm_set_errhandler(handle_->comm, MPI_ERRORS_RETURN);
  MPI_Comm_rank(handle_->comm, &rank_);
  MPI_Comm_size(handle_->comm, &size_);
}

// MPI_Comm_free is collective and may wait for a dead rank; MPI_Finalize frees what is left.
Communicator::~Communicator() = default;

void Communicator::wait(Request request, const Deadline& deadline, const std::string& awaited) {
  Backoff backoff(kLongestPause);
  while (!request.test()) {
    if (check_peers_) check_peers_();
    if (deadline.passed()) {
      throw PeerError(fmt::format("Rank {} waited {} for {}.", rank_,
                                  format_duration(to_seconds(deadline.allowed)), awaited));
    }
    backoff.sleep();
  }
}

void Communicator::barrier(double timeout_s, const std::string& awaited) {
  wait(handle_->begin_request("MPI_Ibarrier",
                              [&](MPI_Request* request) { return MPI_Ibarrier(handle_->comm, request); }),
       Deadline::in(timeout_s), awaited);
}

std::vector<std::string> Communicator::allgather(const std::string& mine, double timeout_s,
                                                 const std::string& awaited) {
  auto texts = exchange(awaited + '\n' + mine, timeout_s, awaited);
  std::vector<std::string> result;
  for (std::size_t rank = 0; rank < texts.size(); ++rank) {
    const auto end = texts[rank].find('\n');
    const std::string meeting = texts[rank].substr(0, end);
    std::string text = texts[rank].substr(end + 1);
    if (meeting != awaited) throw OtherMeeting(static_cast<int>(rank), meeting, std::move(text));
    result.push_back(std::move(text));
  }
  return result;
}

std::vector<std::string> Communicator::exchange(const std::string& mine, double timeout_s,
                                                const std::string& awaited) {
  const Deadline deadline = Deadline::in(timeout_s);
  const auto count = static_cast<std::size_t>(size_);
  const int length = static_cast<int>(mine.size());
  std::vector<int> lengths(count), offsets(count);
  const auto begin_sizes = [&](MPI_Request* request) {
    return MPI_Iallgather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, handle_->comm, request);
  };
  wait(handle_->begin_request("MPI_Iallgather", begin_sizes), deadline, awaited);

  std::exclusive_scan(lengths.begin(), lengths.end(), offsets.begin(), 0);
  std::string all(static_cast<std::size_t>(offsets.back() + lengths.back()), '\0');
  const auto begin_texts = [&](MPI_Request* request) {
    return MPI_Iallgatherv(mine.data(), length, MPI_CHAR, all.data(), lengths.data(), offsets.data(),
                           MPI_CHAR, handle_->comm, request);
  };
  wait(handle_->begin_request("MPI_Iallgatherv", begin_texts), deadline, awaited);

  std::vector<std::string> result;
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back(all.substr(static_cast<std::size_t>(offsets[i]), static_cast<std::size_t>(lengths[i])));
  }
  return result;
}

std::string Communicator::broadcast(const std::string& mine, int root, double timeout_s,
                                    const std::string& awaited) {
  const auto texts = allgather(rank_ == root ? mine : std::string(), timeout_s, awaited);
  return texts[static_cast<std::size_t>(root)];
}

Request Communicator::isend(std::span<const std::byte> bytes, int to, int tag) {
  return handle_->begin_request("MPI_Isend", [&](MPI_Request* request) {
    return MPI_Isend(bytes.data(), count_of(bytes), MPI_BYTE, to, tag, handle_->comm, request);
  });
}

Request Communicator::irecv(std::span<std::byte> bytes, int from, int tag) {
  return handle_->begin_request("MPI_Irecv", [&](MPI_Request* request) {
    return MPI_Irecv(bytes.data(), count_of(bytes), MPI_BYTE, from, tag, handle_->comm, request);
  });
}

Verdict compare_notes(Communicator& communicator, const std::optional<Error>& mine, double timeout_s,
                      const std::string& awaited) {
  const std::string note =
      mine ? fmt::format("{}:{}", static_cast<int>(mine->code()), mine->what()) : std::string();
  const auto notes = communicator.allgather(note, timeout_s, awaited);
  for (std::size_t rank = 0; rank < notes.size(); ++rank) {
    if (notes[rank].empty()) continue;
    const auto colon = notes[rank].find(':');
    return {static_cast<int>(rank), static_cast<ExitCode>(std::stoi(notes[rank].substr(0, colon))),
            notes[rank].substr(colon + 1)};
  }
  return {};
}

}  // namespace feedline

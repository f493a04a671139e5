#include <feedline/comm/communicator.hpp>
#include <feedline/common/text.hpp>

#include <fmt/format.h>
#include <mpi.h>

#include <numeric>
#include <utility>

namespace feedline {
namespace {

/// Between two looks at MPI: a look costs some 20 us, so a waiting rank uses about half a percent of a core.
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

}  // namespace

struct Request::State {
  MPI_Request request = MPI_REQUEST_NULL;
};

struct Communicator::Handle {
  MPI_Comm comm = MPI_COMM_NULL;
};

Request::Request() : state_(std::make_unique<State>()) {}
Request::Request(Request&&) noexcept = default;
Request& Request::operator=(Request&&) noexcept = default;
Request::~Request() = default;

bool Request::active() const noexcept {
  return state_ && state_->request != MPI_REQUEST_NULL;
}

bool Request::test() {
  if (!active()) return true;
  int done = 0;
  call(MPI_Test(&state_->request, &done, MPI_STATUS_IGNORE), "A message to or from another rank");
  return done != 0;
}

void Request::cancel() noexcept {
  if (!active()) return;
  MPI_Cancel(&state_->request);
  MPI_Request_free(&state_->request);
}

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
  Request request;
  call(MPI_Ibarrier(handle_->comm, &request.state_->request), "MPI_Ibarrier");
  wait(std::move(request), Deadline::in(timeout_s), awaited);
}

std::vector<std::string> Communicator::allgather(const std::string& mine, double timeout_s,
                                                 const std::string& awaited) {
  const Deadline deadline = Deadline::in(timeout_s);
  const auto count = static_cast<std::size_t>(size_);
  const int length = static_cast<int>(mine.size());
  std::vector<int> lengths(count), offsets(count);
  Request sizes;
  call(MPI_Iallgather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, handle_->comm, &sizes.state_->request),
       "MPI_Iallgather");
  wait(std::move(sizes), deadline, awaited);

  std::exclusive_scan(lengths.begin(), lengths.end(), offsets.begin(), 0);
  std::string all(static_cast<std::size_t>(offsets.back() + lengths.back()), '\0');
  Request texts;
  call(MPI_Iallgatherv(mine.data(), length, MPI_CHAR, all.data(), lengths.data(), offsets.data(), MPI_CHAR,
                       handle_->comm, &texts.state_->request),
       "MPI_Iallgatherv");
  wait(std::move(texts), deadline, awaited);

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
  Request request;
  call(MPI_Isend(bytes.data(), count_of(bytes), MPI_BYTE, to, tag, handle_->comm, &request.state_->request),
       "MPI_Isend");
  return request;
}

Request Communicator::irecv(std::span<std::byte> bytes, int from, int tag) {
  Request request;
  call(MPI_Irecv(bytes.data(), count_of(bytes), MPI_BYTE, from, tag, handle_->comm, &request.state_->request),
       "MPI_Irecv");
  return request;
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

// How fast batches cross from one process to the other: over shared memory and over MPI, beside a plain
// memory copy of the same bytes. Run: mpirun --bind-to none -np 2 channel_bench
//
// Every way moves the same payload from a source buffer in one process to where the other process reads it;
// the reader looks at one word a cache line. `memcpy` copies within one process, source to a ring of the same
// depth, then reads it, on one thread. `shm in place` is what feedline does: the producer writes into the
// slot itself.
#include <feedline/comm/world.hpp>
#include <feedline/transport/connect.hpp>

#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <vector>

namespace feedline {
namespace {

constexpr int kRuns = 5;
constexpr std::size_t kMostDepth = 50;  ///< --buffer-size by default
constexpr std::size_t kMostRingBytes = std::size_t{256} << 20;

std::uint64_t read_lines(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 64) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    sum += word;
  }
  return sum;
}

volatile std::uint64_t sink;

struct Case {
  std::size_t bytes;
  std::uint64_t batches;
  std::vector<std::byte> source;

  std::size_t depth() const { return std::min(kMostDepth, kMostRingBytes / bytes); }
};

double rate(const Case& c, Clock::time_point start) {
  return static_cast<double>(c.bytes * c.batches) / seconds_since(start) * 1e-9;
}

double copy_here(const Case& c) {
  std::vector<std::vector<std::byte>> ring(c.depth(), std::vector<std::byte>(c.bytes));
  const auto start = Clock::now();
  for (std::uint64_t i = 0; i < c.batches; ++i) {
    auto& slot = ring[i % ring.size()];
    std::memcpy(slot.data(), c.source.data(), c.bytes);
    sink = read_lines(slot);
  }
  return rate(c, start);
}

enum class Extra { kNone, kCopyOut, kChecksums };

double over_channel(World& world, const Case& c, TransportKind transport, Extra extra = Extra::kNone) {
  const bool copy_out = extra == Extra::kCopyOut, checked = extra == Extra::kChecksums;
  const BatchSpec spec(1, {{"bytes", DType::kUInt8, {static_cast<std::int64_t>(c.bytes)}}});
  Channel channel = connect(world, {transport, 0, 1, spec, c.depth()});
  world.together("start", [] {});
  const auto start = Clock::now();
  if (channel.sender) {
    channel.control->start();
    for (std::uint64_t i = 0; i < c.batches; ++i) {
      const Slot slot = *channel.sender->acquire(i);
      BatchInfo info;
      info.sequence = i;
      info.count = 1;
      slot.begin(info);
      std::memcpy(slot.row(0, 0).data(), c.source.data(), c.bytes);
      if (checked) slot.check_row(0);
      slot.seal(checked ? ChecksumKind::kHash : ChecksumKind::kNone);
      channel.sender->publish(i);
    }
    channel.sender->drain();
    channel.sender->finish();
    channel.control->join();
  } else {
    channel.control->start();
    std::vector<std::byte> own(copy_out ? c.bytes : 0);
    while (const BatchLease slot = channel.receiver->receive()) {
      if (copy_out) std::memcpy(own.data(), slot->row(0, 0).data(), c.bytes);
      sink = read_lines(copy_out ? std::span<const std::byte>(own) : slot->row(0, 0));
    }
    channel.receiver->close();
    channel.control->join();
  }
  const double result = rate(c, start);
  world.together("stop", [] {});
  return result;
}

double over_mpi_send(World& world, const Case& c) {
  std::vector<std::byte> target(c.bytes);
  world.together("start", [] {});
  const auto start = Clock::now();
  for (std::uint64_t i = 0; i < c.batches; ++i) {
    if (world.rank() == 0) {
      MPI_Send(c.source.data(), static_cast<int>(c.bytes), MPI_BYTE, 1, 7, MPI_COMM_WORLD);
    } else {
      MPI_Recv(target.data(), static_cast<int>(c.bytes), MPI_BYTE, 0, 7, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      sink = read_lines(target);
    }
  }
  const double result = rate(c, start);
  world.together("stop", [] {});
  return result;
}

double median(const std::function<double()>& measure) {
  std::vector<double> values;
  for (int run = 0; run < kRuns; ++run) values.push_back(measure());
  std::nth_element(values.begin(), values.begin() + kRuns / 2, values.end());
  return values[kRuns / 2];
}

void run(World& world) {
  const bool tell = world.rank() == 1;
  if (tell)
    fmt::print(
        "| batch | memcpy | shm | shm + copy | shm checked | mpi | MPI_Send | shm / memcpy | shm / MPI_Send "
        "| checked / shm |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n");
  for (std::size_t kib = 64; kib <= 64 * 1024; kib *= 4) {
    Case c{kib * 1024, std::max<std::uint64_t>(8, (std::uint64_t{1} << 30) / (kib * 1024)), {}};
    c.source.assign(c.bytes, std::byte{7});
    const double copy = median([&] {
      const double result = world.rank() == 1 ? copy_here(c) : 0;
      world.together("wait", [] {});
      return result;
    });
    const double shm = median([&] { return over_channel(world, c, TransportKind::kShm); });
    const double copied =
        median([&] { return over_channel(world, c, TransportKind::kShm, Extra::kCopyOut); });
    const double checked =
        median([&] { return over_channel(world, c, TransportKind::kShm, Extra::kChecksums); });
    const double mpi = median([&] { return over_channel(world, c, TransportKind::kMpi); });
    const double send = median([&] { return over_mpi_send(world, c); });
    if (tell) {
      fmt::print(
          "| {} KiB | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.2f} | {:.2f} | {:.2f} |\n",
          kib, copy, shm, copied, checked, mpi, send, shm / copy, shm / send, checked / shm);
      std::fflush(stdout);
    }
  }
  if (tell)
    fmt::print("GB/s, median of {} runs; rings of {} slots, fewer where they would pass {} MiB.\n", kRuns,
               kMostDepth, kMostRingBytes >> 20);
}

}  // namespace
}  // namespace feedline

int main() {
  feedline::World world(feedline::detect_launch(), {}, false);
  if (world.size() != 2) {
    std::fputs("channel_bench needs two ranks: mpirun --bind-to none -np 2 channel_bench\n", stderr);
    return 2;
  }
  feedline::run(world);
  world.finish();
}

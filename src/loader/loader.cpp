#include <feedline/common/errors.hpp>
#include <feedline/loader/loader.hpp>
#include <feedline/transport/local.hpp>

#include <utility>

namespace feedline {
namespace {

/// A loop may pause for as long as it likes, and slow storage is no failure.
RingOptions patient() {
  constexpr double kWeek = 7 * 24 * 3600;
  RingOptions options;
  options.receive_timeout = options.acquire_timeout = kWeek;
  return options;
}

}  // namespace

Loader::Loader(LoaderPlan plan)
    : ring_(make_local_ring(batch_spec_of(plan.data.info), plan.buffer.batches, patient())),
      sender_(ring_),
      receiver_(ring_),
      input_(std::move(plan.data), std::move(plan.schedule), sender_, plan.input) {
  input_.start();
}

Loader::~Loader() {
  receiver_.close();
}

BatchLease Loader::next() {
  try {
    return receiver_.receive();
  } catch (const RemoteError&) {
    input_.wait();  // throws what it was
    throw;
  }
}

}  // namespace feedline

#include "decoder_process.hpp"

#include <feedline/batch/sample_spans.hpp>
#include <feedline/common/errors.hpp>
#include <feedline/common/log.hpp>
#include <feedline/data/isolation.hpp>
#include <feedline/data/sample_error.hpp>
#include <feedline/data/wrapped_dataset.hpp>

#include <fmt/format.h>

#include <cstring>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace feedline {
namespace {

/// Decoders that are free, and the host that more come from.
class DecoderPool {
 public:
  explicit DecoderPool(const IsolationOptions& options, std::size_t sample_bytes)
      : host_(options.server_arguments, sample_bytes), timeout_(options.sample_timeout) {
    give_back(host_.start());
  }

  double timeout() const noexcept { return timeout_; }

  std::unique_ptr<DecoderProcess> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto decoder = std::move(free_.back());
        free_.pop_back();
        return decoder;
      }
    }
    return host_.start();
  }

  void give_back(std::unique_ptr<DecoderProcess> decoder) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(decoder));
  }

 private:
  DecoderHost host_;
  double timeout_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<DecoderProcess>> free_;
};

/// A set that decoders load. The remarks on their loads stay with them.
class IsolatedDataset final : public WrappedDataset, private LoadReport {
 public:
  IsolatedDataset(DatasetPtr own, bool val, std::shared_ptr<DecoderPool> pool)
      : WrappedDataset(std::move(own)), val_(val), pool_(std::move(pool)) {}

  void load(const SampleKey& key, SampleView out) const override {
    constexpr int kTries = 2;
    for (int i = 1;; ++i) {
      if (try_load(key, out)) return;
      log_warning(
          fmt::format("A decoder crashed or hung on {}; another one takes its place.", describe(key.id)));
      if (i == kTries) throw SampleError(describe(key.id), "the decoder crashes or hangs on it");
    }
  }

  DatasetParts parts() const noexcept override {
    DatasetParts parts = WrappedDataset::parts();
    if (parts.loads != nullptr) parts.loads = this;
    return parts;
  }

 private:
  StageTimes stages() const noexcept override { return stages_of(inner()); }

  /// False when the decoder did not survive it.
  bool try_load(const SampleKey& key, SampleView out) const {
    std::unique_ptr<DecoderProcess> decoder = pool_->take();
    DecodeRequest request{val_ ? 1u : 0u, key.epoch, key.seed, key.id, {}};
    for (std::size_t i = 0; i < out.size(); ++i) request.bytes[i] = out[i].size();
    const auto reply = decoder->ask(request, pool_->timeout());
    if (!reply) {
      decoder->kill();
      return false;
    }
    std::span<const std::byte> sample = decoder->sample();
    if (reply->kind == DecodeReply::kDone) {
      for (const std::span<std::byte> place : out) {
        std::memcpy(place.data(), sample.data(), place.size());
        sample = sample.subspan(place.size());
      }
    }
    pool_->give_back(std::move(decoder));
    report(*reply);
    return true;
  }

  /// Throws what the decoder has thrown.
  static void report(const DecodeReply& reply) {
    switch (reply.kind) {
      case DecodeReply::kBadSample:
        throw SampleError(reply.path.data(), reply.reason.data());
      case DecodeReply::kBadStorage:
        throw StorageError(reply.path.data(), reply.reason.data());
      case DecodeReply::kFailed:
        throw Error(static_cast<ExitCode>(reply.code), reply.reason.data());
      default:
        return;
    }
  }

  bool val_;
  std::shared_ptr<DecoderPool> pool_;
};

}  // namespace

void isolate(DataSplits& data, const IsolationOptions& options) {
  const auto pool = std::make_shared<DecoderPool>(options, sample_bytes(data.train->tensors()));
  data.train = std::make_shared<IsolatedDataset>(data.train, false, pool);
  data.val = std::make_shared<IsolatedDataset>(data.val, true, pool);
}

}  // namespace feedline

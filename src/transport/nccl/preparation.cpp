#include "preparation.hpp"

#include "copy_payload.hpp"
#include "device_row_sums.hpp"

#include <cstring>
#include <utility>
#include <vector>

namespace feedline {
namespace {

class CopyPreparation final : public Preparation {
 public:
  CopyPreparation(std::shared_ptr<DeviceRuntime> device, const BatchSpec& spec, std::size_t places)
      : device_(std::move(device)), spec_(spec) {
    for (std::size_t i = 0; i < places; ++i) blocks_.push_back(device_->allocate(spec_.slot_bytes()));
  }

  const BatchSpec& makes() const noexcept override { return spec_; }

  void begin(std::size_t place, const Slot& batch, std::span<std::byte> header, Stream& stream) override {
    std::memcpy(header.data(), batch.bytes().data(), header.size());
    copy_payload(batch, *blocks_[place], stream);
  }

  bool header_is_whole() const noexcept override { return true; }
  void complete(std::size_t, std::span<std::byte>) override {}

 private:
  std::span<const std::byte> block(std::size_t place) const noexcept override {
    return blocks_[place]->bytes();
  }

  std::shared_ptr<DeviceRuntime> device_;
  BatchSpec spec_;
  std::vector<std::unique_ptr<DeviceMemory>> blocks_;
};

class TransformingPreparation final : public Preparation {
 public:
  TransformingPreparation(std::shared_ptr<DeviceRuntime> device, std::shared_ptr<DeviceTransform> transform,
                          std::size_t places)
      : device_(std::move(device)), transform_(std::move(transform)) {
    const BatchSpec& takes = transform_->takes();
    for (std::size_t i = 0; i < places; ++i)
      places_.push_back({device_->allocate(takes.slot_bytes()),
                         device_->allocate(makes().slot_bytes()),
                         DeviceRowSums(*device_, takes.capacity()),
                         DeviceRowSums(*device_, makes().capacity()),
                         {}});
  }

  const BatchSpec& makes() const noexcept override { return transform_->makes(); }

  void begin(std::size_t place, const Slot& batch, std::span<std::byte> header, Stream& stream) override {
    Place& mine = places_[place];
    mine.batch = batch;
    copy_payload(batch, *mine.from, stream);
    mine.sums_before.add_up(batch, mine.from->bytes().data(), stream);
    const Slot made(header.data(), makes());
    transform_->run(batch.with_tensors_on(device_->device(), mine.from->bytes().data()),
                    made.with_tensors_on(device_->device(), mine.to->bytes().data()), stream);
    mine.sums.add_up(made, mine.to->bytes().data(), stream);
  }

  bool header_is_whole() const noexcept override { return false; }

  void complete(std::size_t place, std::span<std::byte> header) override {
    const Place& mine = places_[place];
    const Slot made(header.data(), makes());
    for (std::uint32_t row = 0; row < made.header().count; ++row)
      made.notes()[row].checksum = mine.sums.values()[row];
    if (const auto damaged = mine.batch.damaged_row(mine.sums_before.values()))
      made.notes()[*damaged].checksum = ~mine.sums.values()[*damaged];
    made.seal(ChecksumKind::kSum);
  }

 private:
  struct Place {
    std::unique_ptr<DeviceMemory> from, to;
    DeviceRowSums sums_before, sums;
    Slot batch;
  };

  std::span<const std::byte> block(std::size_t place) const noexcept override {
    return places_[place].to->bytes();
  }

  std::shared_ptr<DeviceRuntime> device_;
  std::shared_ptr<DeviceTransform> transform_;
  std::vector<Place> places_;
};

}  // namespace

std::unique_ptr<Preparation> make_copy_preparation(std::shared_ptr<DeviceRuntime> device,
                                                   const BatchSpec& spec, std::size_t places) {
  return std::make_unique<CopyPreparation>(std::move(device), spec, places);
}

std::unique_ptr<Preparation> make_transforming_preparation(std::shared_ptr<DeviceRuntime> device,
                                                           std::shared_ptr<DeviceTransform> transform,
                                                           std::size_t places) {
  return std::make_unique<TransformingPreparation>(std::move(device), std::move(transform), places);
}

}  // namespace feedline

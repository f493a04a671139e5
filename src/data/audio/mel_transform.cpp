#include <feedline/common/errors.hpp>
#include <feedline/data/audio/device_log_mel.hpp>
#include <feedline/data/audio/mel_transform.hpp>

#include <algorithm>
#include <vector>

namespace feedline {
namespace {

constexpr const char* kWave = "wave";
constexpr const char* kWaveLength = "wave_length";

std::uint32_t samples_of(const BatchLayout& layout) {
  return static_cast<std::uint32_t>(layout.tensors()[layout.index(kWave)].shape[0]);
}

TensorSpec mel_tensor(const TensorSpec& tensor, const MelSpec& spec) {
  if (tensor.name == kWave) {
    ensure(tensor.dtype == DType::kFloat32 && tensor.shape.size() == 1, "a wave is a row of floats");
    const auto frames = mel_frames(spec, static_cast<std::uint64_t>(tensor.shape[0]));
    return {"mel", DType::kFloat32, {spec.n_mels, static_cast<std::int64_t>(frames)}};
  }
  if (tensor.name == kWaveLength) {
    ensure(tensor.dtype == DType::kInt64 && tensor.shape.empty(), "the length of a wave is one int64");
    return {"lengths", DType::kInt64, {}};
  }
  return tensor;
}

bool has_masks(const std::vector<TensorSpec>& tensors) {
  const auto at = std::ranges::find(tensors, masks_tensor().name, &TensorSpec::name);
  if (at == tensors.end()) return false;
  ensure(at + 1 == tensors.end() && *at == masks_tensor(), "masks are the last tensor, four pairs of int32");
  return true;
}

WaveRoom room_of(const BatchSpec& waves) {
  WaveRoom room{waves.capacity(), 0};
  for (std::size_t shape = 0; shape < waves.shapes(); ++shape)
    room.samples = std::max(room.samples, samples_of(waves.layout(shape)));
  return room;
}

/// All but the checksums of the rows, which are other rows now.
void write_header(const Slot& from, const Slot& to) {
  const SlotHeader& h = from.header();
  to.begin({h.split, h.last_of_split != 0, h.sequence, h.epoch, h.batch, h.count, h.bucket});
  to.header().planned = h.planned;
  std::copy(from.notes().begin(), from.notes().end(), to.notes().begin());
  for (RowNote& note : to.notes()) note.checksum = 0;
  std::copy(from.sample_ids().begin(), from.sample_ids().end(), to.sample_ids().begin());
  to.seal(ChecksumKind::kNone);
}

class MelTransform final : public DeviceTransform {
 public:
  MelTransform(const BatchSpec& waves, const MelSpec& spec, DeviceRuntime& device, int rank)
      : takes_(waves),
        makes_(mel_batches(waves, spec)),
        log_mel_(make_device_log_mel(spec, room_of(waves), device, rank)),
        wave_(waves.layout().index(kWave)),
        wave_length_(waves.layout().index(kWaveLength)),
        masked_(has_masks(waves.layout().tensors())) {}

  const BatchSpec& takes() const noexcept override { return takes_; }
  const BatchSpec& makes() const noexcept override { return makes_; }

  void run(const Slot& from, const Slot& to, Stream& stream) override {
    ensure(from.spec() == takes_ && to.spec() == makes_, "slots of other batches than the transform's");
    write_header(from, to);
    const std::uint32_t rows = from.header().count;
    for (std::size_t t = 0; t < to.layout().tensors().size(); ++t) {
      if (t != wave_ && t != wave_length_ && rows > 0)
        stream.copy(to.tensor(t), from.tensor(t), rows * from.layout().tensors()[t].sample_bytes());
    }
    const std::byte* const masks = masked_ ? from.tensor(to.layout().tensors().size()) : nullptr;
    const WaveBatch waves{reinterpret_cast<const float*>(from.tensor(wave_)),
                          reinterpret_cast<const std::int64_t*>(from.tensor(wave_length_)), rows,
                          samples_of(from.layout()), reinterpret_cast<const MelMasks*>(masks)};
    const auto room = static_cast<std::uint32_t>(to.layout().tensors()[wave_].shape[1]);
    log_mel_->run(waves,
                  {reinterpret_cast<float*>(to.tensor(wave_)),
                   reinterpret_cast<std::int64_t*>(to.tensor(wave_length_)), room},
                  stream);
  }

 private:
  BatchSpec takes_, makes_;
  std::unique_ptr<DeviceLogMel> log_mel_;
  std::size_t wave_, wave_length_;  ///< indices of the tensors, before and after
  bool masked_;
};

}  // namespace

TensorSpec masks_tensor() {
  return {"masks", DType::kInt32, {4, 2}};
}

std::vector<TensorSpec> mel_tensors(const std::vector<TensorSpec>& waves, const MelSpec& spec) {
  std::vector<TensorSpec> tensors;
  for (const TensorSpec& tensor : waves) tensors.push_back(mel_tensor(tensor, spec));
  if (has_masks(waves)) tensors.pop_back();
  return tensors;
}

BatchSpec mel_batches(const BatchSpec& waves, const MelSpec& spec) {
  std::vector<BatchShape> shapes;
  for (std::size_t i = 0; i < waves.shapes(); ++i) {
    const BatchLayout& layout = waves.layout(i);
    ensure(layout.has(kWave) && layout.has(kWaveLength), "batches without waves");
    shapes.push_back({layout.capacity(), mel_tensors(layout.tensors(), spec)});
  }
  return BatchSpec(shapes);
}

std::unique_ptr<DeviceTransform> make_mel_transform(const BatchSpec& waves, const MelSpec& spec,
                                                    DeviceRuntime& device, int rank) {
  return std::make_unique<MelTransform>(waves, spec, device, rank);
}

}  // namespace feedline

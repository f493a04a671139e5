#include "cuda_log_mel.hpp"

#include "audio/mel/mel_chunks.hpp"
#include "audio/mel/mel_window.hpp"

#include <algorithm>

namespace feedline {
namespace {

/// Of frames that are transformed at a time.
constexpr std::uint64_t kMostFrameBytes = std::uint64_t{64} << 20;

template <class T>
T* memory_of(const std::unique_ptr<DeviceMemory>& memory) noexcept {
  return reinterpret_cast<T*>(memory->bytes().data());
}

}  // namespace

CudaLogMel::CudaLogMel(const MelSpec& spec, const WaveRoom& room, DeviceRuntime& device, int rank)
    : spec_(spec),
      room_(room),
      caller_{device.device().ordinal, rank},
      math_(mel_math(spec)),
      largest_(device.allocate(room.rows * sizeof(float))),
      chunk_(chunk_frames(spec, room, kMostFrameBytes)),
      transforms_(math_.n_fft, chunk_, device, caller_) {
  const auto stream = device.make_stream();
  const MelFilters filters = make_mel_filters(spec);
  window_ = table<float>(make_window(spec), device, *stream);
  triangles_ = table<MelBand>(filters.bands, device, *stream);
  weights_ = table<float>(filters.weights, device, *stream);
  frames_ = device.allocate(static_cast<std::size_t>(chunk_) * (spec.n_fft + 2) * sizeof(float));
  stream->clear(frames_->bytes().data(), frames_->bytes().size());
  warm_up(device, *stream);
}

/// Blocks until they are there.
template <class T>
std::unique_ptr<DeviceMemory> CudaLogMel::table(std::span<const T> values, DeviceRuntime& device,
                                                Stream& stream) {
  auto memory = device.allocate(std::max<std::size_t>(1, values.size_bytes()));
  stream.copy(memory->bytes().data(), reinterpret_cast<const std::byte*>(values.data()), values.size_bytes());
  stream.wait();
  return memory;
}

/// An empty recording: code is loaded at its first use, which may block. Blocks.
void CudaLogMel::warm_up(DeviceRuntime& device, Stream& stream) {
  const auto length = device.allocate(sizeof(std::int64_t));
  const auto frames = static_cast<std::uint32_t>(mel_frames(spec_, room_.samples));
  const auto mels = device.allocate(sizeof(float) * std::max(1U, frames) * spec_.n_mels);
  stream.clear(length->bytes().data(), length->bytes().size());
  run({nullptr, memory_of<std::int64_t>(length), 1, room_.samples}, {memory_of<float>(mels), nullptr, frames},
      stream);
  stream.wait();
}

MelJob CudaLogMel::job_of(const WaveBatch& waves, const MelBatch& mels) const {
  MelJob job{};
  job.math = math_;
  job.window = memory_of<float>(window_);
  job.triangles = memory_of<MelBand>(triangles_);
  job.weights = memory_of<float>(weights_);
  job.waves = waves.waves;
  job.lengths = waves.lengths;
  job.samples = static_cast<std::int32_t>(waves.samples);
  job.row_frames = static_cast<std::int32_t>(mel_frames(spec_, waves.samples));
  job.mels = mels.mels;
  job.frame_lengths = mels.lengths;
  job.room = static_cast<std::int32_t>(mels.room);
  job.largest = memory_of<float>(largest_);
  job.masks = waves.masks;
  return job;
}

void CudaLogMel::run(const WaveBatch& waves, const MelBatch& mels, Stream& stream) {
  check_batch(spec_, room_, waves, mels);
  if (waves.rows == 0) return;
  const CudaDeviceGuard guard(caller_);
  const auto queue = static_cast<cudaStream_t>(stream.native());
  const MelJob job = job_of(waves, mels);
  const auto rows = static_cast<std::int32_t>(waves.rows);
  const std::int32_t all = rows * job.row_frames;
  for (std::int32_t first = 0; first < all; first += chunk_) {
    const MelChunk chunk{first, std::min(chunk_, all - first), memory_of<float>(frames_)};
    check_cuda(launch_fill_frames(job, chunk, queue), "fill_frames", "cut a batch into frames", caller_);
    transforms_.run(chunk.frames, queue);
    check_cuda(launch_weigh_tiles(job, chunk, queue), "weigh_tiles", "weigh the bands of a batch", caller_);
  }
  check_cuda(launch_finish(job, rows, queue), "finish_bands", "finish the spectrograms of a batch", caller_);
}

}  // namespace feedline

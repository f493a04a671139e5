#include "mel_device.hpp"

#include "choose_devices.hpp"

#include <feedline/common/errors.hpp>

namespace feedline {

bool gpu_makes_mels(const Options& options, const DeviceChoice& devices) {
  if (options.mel_device == MelDevice::kCpu || options.isolate_decoders) return false;
  const bool from_gpu_to_gpu = devices.data.is_cuda() && devices.model.is_cuda() && may_go_by_gpus(options);
  if (!from_gpu_to_gpu && options.mel_device == MelDevice::kGpu) {
    throw UsageError(
        "--mel-device gpu needs a GPU that prepares data beside the one that trains: two ranks, a GPU "
        "for each, and batches that go from one to the other (--transport auto or nccl). Use --mel-device "
        "auto.");
  }
  return from_gpu_to_gpu;
}

}  // namespace feedline

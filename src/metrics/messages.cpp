#include <feedline/common/text.hpp>
#include <feedline/metrics/messages.hpp>

#include <fmt/format.h>

#include <string_view>

namespace feedline {
namespace {

constexpr std::string_view kGpuPrefix = "cuda:";

std::string shown(const std::string& device) {
  return device.starts_with(kGpuPrefix) ? device.substr(kGpuPrefix.size()) : "CPU";
}

std::string prefetching(const std::string& device, std::size_t buffer_size) {
  const std::string target = device.starts_with(kGpuPrefix) ? "/GPU:" + shown(device) : "/CPU:0";
  return fmt::format("   - Prefetching to {} with buffer_size={}", target, buffer_size);
}

}  // namespace

std::string multi_gpu_banner(const std::string& data_device, const std::string& model_device,
                             std::size_t buffer_size) {
  return fmt::format(
      "🚀 Intelligent GPU Pipeline: Multi-GPU Mode\n"
      "   - Data Processing GPU: {}\n"
      "   - Model Training GPU: {}\n"
      "{}",
      shown(data_device), shown(model_device), prefetching(data_device, buffer_size));
}

std::string single_gpu_banner(const std::string& device, std::size_t buffer_size) {
  return fmt::format(
      "🚀 Intelligent GPU Pipeline: Single-GPU Buffered Mode\n"
      "   - Buffer Size: {}\n"
      "   - Smart Prefetching: Enabled\n"
      "{}",
      buffer_size, prefetching(device, buffer_size));
}

std::string waiting_message(double delay) {
  return fmt::format("🕐 Multi-GPU Mode: Waiting {}s for data pipeline to warm up...", format_number(delay));
}

std::string training_starts() {
  return "✅ Model training starting now";
}

}  // namespace feedline

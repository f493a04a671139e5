#include "cuda_graphs.hpp"

#ifdef FEEDLINE_TORCH_CUDA
#include <ATen/core/CachingHostAllocator.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAStream.h>

#include <exception>
#include <mutex>
#include <utility>
#include <vector>
#endif

namespace feedline {

#ifdef FEEDLINE_TORCH_CUDA
namespace {

using at::cuda::CUDAGraph;

class RecordedGraph final : public RecordedWork {
 public:
  explicit RecordedGraph(std::unique_ptr<CUDAGraph> graph) : graph_(std::move(graph)) {}
  void replay() override { graph_->replay(); }

 private:
  std::unique_ptr<CUDAGraph> graph_;
};

class CudaRecorder final : public WorkRecorder {
 public:
  explicit CudaRecorder(torch::Device device)
      : device_(device),
        generator_(at::globalContext().defaultGenerator(device)),
        pool_(at::cuda::graph_pool_handle()) {}

  std::unique_ptr<RecordedWork> record(const std::function<void()>& work) override {
    c10::cuda::getCurrentCUDAStream(device_.index()).synchronize();
    const at::Generator before = copy_of_generator();
    auto graph = std::make_unique<CUDAGraph>();
    try {
      // Records this thread only: the thread that copies batches to the device goes on.
      graph->capture_begin(pool_, cudaStreamCaptureModeThreadLocal);
      work();
      graph->capture_end();
    } catch (...) {
      give_up(std::move(graph), before);
      throw;
    }
    return std::make_unique<RecordedGraph>(std::move(graph));
  }

 private:
  at::Generator copy_of_generator() {
    const std::lock_guard lock(generator_.mutex());
    return generator_.clone();
  }

  /// Ends a recording that broke off: stream, allocator and generator leave it, which torch arranges only for
  /// recordings that succeed. The graph is kept, since the allocator may still use it.
  void give_up(std::unique_ptr<CUDAGraph> graph, const at::Generator& before) {
    try {
      graph->capture_end();
    } catch (const std::exception&) {
      end_pool();
    }
    cudaGetLastError();  // else the next call would report it again
    const std::lock_guard lock(generator_.mutex());
    generator_.graphsafe_set_state(before);
    given_up_.push_back(std::move(graph));
  }

  void end_pool() {
    try {
      c10::cuda::CUDACachingAllocator::endAllocateToPool(device_.index(), pool_);
    } catch (const std::exception&) {  // it has been reported
    }
    try {
      at::getHostAllocator(at::kCUDA)->end_allocate_to_pool(pool_);
    } catch (const std::exception&) {
    }
  }

  torch::Device device_;
  at::Generator generator_;
  c10::cuda::MempoolId_t pool_;
  std::vector<std::unique_ptr<CUDAGraph>> given_up_;
};

}  // namespace

std::unique_ptr<WorkRecorder> make_cuda_recorder(torch::Device device) {
  return std::make_unique<CudaRecorder>(device);
}
#else
std::unique_ptr<WorkRecorder> make_cuda_recorder(torch::Device) {
  return nullptr;
}
#endif

}  // namespace feedline

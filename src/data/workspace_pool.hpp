#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace feedline {

/// Workspaces for threads to lease, as many as threads ever worked at the same time. Their memory is kept
/// from sample to sample. Any thread.
template <class Workspace>
class WorkspacePool {
 public:
  /// A workspace that goes back when the lease is destroyed.
  class Lease {
   public:
    explicit Lease(WorkspacePool& pool) : pool_(pool), workspace_(pool.take()) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { pool_.put(std::move(workspace_)); }

    Workspace& operator*() noexcept { return *workspace_; }

   private:
    WorkspacePool& pool_;
    std::unique_ptr<Workspace> workspace_;
  };

  Lease lease() { return Lease(*this); }

 private:
  std::unique_ptr<Workspace> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto workspace = std::move(free_.back());
        free_.pop_back();
        return workspace;
      }
      free_.reserve(free_.capacity() + 1);  // so that `put` never has to allocate
    }
    return std::make_unique<Workspace>();
  }

  void put(std::unique_ptr<Workspace> workspace) noexcept {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(workspace));
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> free_;
};

}  // namespace feedline

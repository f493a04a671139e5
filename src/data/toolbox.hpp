#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace feedline {

/// Tools for threads to borrow, as many as threads ever worked at the same time. Their memory is kept from
/// sample to sample. Any thread.
template <class Tools>
class Toolbox {
 public:
  /// Borrowed tools, which go back when the loan is destroyed.
  class Loan {
   public:
    explicit Loan(Toolbox& box) : box_(box), tools_(box.take()) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() { box_.put(std::move(tools_)); }

    Tools& operator*() noexcept { return *tools_; }

   private:
    Toolbox& box_;
    std::unique_ptr<Tools> tools_;
  };

  Loan borrow() { return Loan(*this); }

 private:
  std::unique_ptr<Tools> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto tools = std::move(free_.back());
        free_.pop_back();
        return tools;
      }
      free_.reserve(free_.capacity() + 1);  // so that `put` never has to allocate
    }
    return std::make_unique<Tools>();
  }

  void put(std::unique_ptr<Tools> tools) noexcept {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(tools));
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<Tools>> free_;
};

}  // namespace feedline

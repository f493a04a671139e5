#pragma once

#include "file_buffer.hpp"
#include "image/codec/jpeg_decoder.hpp"
#include "image/transform/resize.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace feedline {

/// What one thread needs to make samples of pictures: memory that stays from sample to sample.
struct PictureTools {
  FileBuffer file;
  JpegDecoder jpeg;
  Resizer resizer;
  std::vector<std::uint8_t> pixels;  ///< of formats that are not JPEG
};

/// Tools that lie about, as many as threads ever worked at the same time. Any thread.
class PictureToolbox {
 public:
  /// Borrowed tools; they go back when this goes.
  class Loan {
   public:
    explicit Loan(PictureToolbox& box) : box_(box), tools_(box.take()) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() { box_.put(std::move(tools_)); }

    PictureTools& operator*() noexcept { return *tools_; }

   private:
    PictureToolbox& box_;
    std::unique_ptr<PictureTools> tools_;
  };

  Loan borrow() { return Loan(*this); }

 private:
  std::unique_ptr<PictureTools> take();
  void put(std::unique_ptr<PictureTools> tools) noexcept;

  std::mutex mutex_;
  std::vector<std::unique_ptr<PictureTools>> free_;
};

}  // namespace feedline

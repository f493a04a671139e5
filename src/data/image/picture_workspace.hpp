#pragma once

#include "image/codec/jpeg_decoder.hpp"
#include "image/transform/resize.hpp"
#include "storage/file_buffer.hpp"
#include "workspace_pool.hpp"

#include <cstdint>
#include <vector>

namespace feedline {

/// The workspace that one thread needs to make samples of pictures; its memory is kept from sample to sample.
struct PictureWorkspace {
  FileBuffer file;
  JpegDecoder jpeg;
  Resizer resizer;
  std::vector<std::uint8_t> pixels;  ///< Pixels of pictures that are not JPEG
};

using PictureWorkspacePool = WorkspacePool<PictureWorkspace>;

}  // namespace feedline

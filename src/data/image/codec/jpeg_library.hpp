#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

#include <jpeglib.h>

namespace feedline {

/// libjpeg's decompressor, with exceptions for its errors and input from memory. Nothing remains of one file
/// for the next: libjpeg itself would keep tables, and use them for a file that has none. The object cannot
/// be moved, because libjpeg keeps pointers to it.
class JpegLibrary {
 public:
  JpegLibrary();
  JpegLibrary(const JpegLibrary&) = delete;
  JpegLibrary& operator=(const JpegLibrary&) = delete;
  ~JpegLibrary();

  jpeg_decompress_struct& info() noexcept { return info_; }

  /// Forgets the previous file and reads from `file` from now on.
  void set_input(std::span<const std::byte> file);

  /// Returns whether libjpeg requested more bytes than the file has.
  bool ended_early() const noexcept { return ended_early_; }

  /// Returns the first warning about the file's data, and its row where the file has only one scan; empty
  /// when there is no warning.
  std::string warning() const;

  /// Runs calls of libjpeg. Throws DecodeError when one of them fails. libjpeg leaves `calls` by longjmp, so
  /// no object in it may need a destructor.
  template <class Calls>
  void run(Calls calls) {
    if (setjmp(jump_) != 0) throw_error();
    calls();
  }

 private:
  static void on_error(j_common_ptr info);
  static void on_message(j_common_ptr info, int level);
  static void on_progress(j_common_ptr info);
  static boolean on_empty(j_decompress_ptr info);
  static void on_skip(j_decompress_ptr info, long bytes);
  void create();
  [[noreturn]] void throw_error() const;

  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  jpeg_source_mgr source_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf jump_{};
  char message_[JMSG_LENGTH_MAX] = {};
  char warning_[JMSG_LENGTH_MAX] = {};
  std::uint32_t warned_row_ = 0;  ///< 0: unknown
  bool ended_early_ = false;
};

}  // namespace feedline

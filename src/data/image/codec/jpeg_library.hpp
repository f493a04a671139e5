#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

#include <jpeglib.h>

namespace feedline {

/// libjpeg's decompressor with its errors as exceptions and its input from memory. Nothing of one file is
/// left for the next one: libjpeg would keep its tables, and use them where the next one has none. Stays
/// where it is: libjpeg keeps pointers to it.
class JpegLibrary {
 public:
  JpegLibrary();
  JpegLibrary(const JpegLibrary&) = delete;
  JpegLibrary& operator=(const JpegLibrary&) = delete;
  ~JpegLibrary();

  jpeg_decompress_struct& info() noexcept { return info_; }

  /// Forgets everything and reads from `file` next.
  void set_input(std::span<const std::byte> file);

  /// Whether more bytes were asked for than the file has.
  bool ended_early() const noexcept { return ended_early_; }

  /// The first warning about the file's data, with the row it was given at when there is only one scan;
  /// empty: none.
  std::string warning() const;

  /// Runs calls of libjpeg; throws DecodeError when one of them fails. libjpeg leaves `calls` by longjmp, so
  /// nothing in it may need a destructor.
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
  std::uint32_t warned_row_ = 0;  ///< 0 when it is not known
  bool ended_early_ = false;
};

}  // namespace feedline

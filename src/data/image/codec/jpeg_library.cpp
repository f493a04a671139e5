#include "jpeg_library.hpp"

#include "decode_error.hpp"

#include <array>
#include <cstring>

namespace feedline {
namespace {

/// A progressive file of more scans than this is made to waste time: each costs a pass over the picture.
/// https://libjpeg-turbo.org/pmwiki/uploads/About/TwoIssueswiththeJPEGStandard.pdf
constexpr int kMostScans = 200;

constexpr std::array<JOCTET, 2> kEndMarker = {0xFF, JPEG_EOI};

JpegLibrary& owner(j_common_ptr info) {
  return *static_cast<JpegLibrary*>(info->client_data);
}

}  // namespace

JpegLibrary::JpegLibrary() {
  info_.err = jpeg_std_error(&errors_);
  errors_.error_exit = on_error;
  errors_.emit_message = on_message;
  info_.client_data = this;
  run([this] { jpeg_create_decompress(&info_); });
  info_.client_data = this;
  source_.init_source = [](j_decompress_ptr) {};
  source_.fill_input_buffer = on_empty;
  source_.skip_input_data = on_skip;
  source_.resync_to_restart = jpeg_resync_to_restart;
  source_.term_source = [](j_decompress_ptr) {};
  info_.src = &source_;
  progress_.progress_monitor = on_progress;
  info_.progress = &progress_;
}

JpegLibrary::~JpegLibrary() {
  jpeg_destroy_decompress(&info_);
}

void JpegLibrary::set_input(std::span<const std::byte> file) noexcept {
  jpeg_abort_decompress(&info_);
  source_.next_input_byte = reinterpret_cast<const JOCTET*>(file.data());
  source_.bytes_in_buffer = file.size();
  ended_early_ = false;
}

void JpegLibrary::on_error(j_common_ptr info) {
  JpegLibrary& self = owner(info);
  (*info->err->format_message)(info, self.message_);
  std::longjmp(self.jump_, 1);
}

/// Damaged data is decoded as far as it goes, as other programs do: a warning is no error.
void JpegLibrary::on_message(j_common_ptr, int) {}

void JpegLibrary::on_progress(j_common_ptr info) {
  if (!info->is_decompressor) return;
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMostScans) return;
  JpegLibrary& self = owner(info);
  std::snprintf(self.message_, sizeof self.message_, "more than %d scans", kMostScans);
  std::longjmp(self.jump_, 1);
}

boolean JpegLibrary::on_empty(j_decompress_ptr info) {
  owner(reinterpret_cast<j_common_ptr>(info)).ended_early_ = true;
  info->src->next_input_byte = kEndMarker.data();
  info->src->bytes_in_buffer = kEndMarker.size();
  return TRUE;
}

void JpegLibrary::on_skip(j_decompress_ptr info, long bytes) {
  if (bytes <= 0) return;
  const auto count = static_cast<std::size_t>(bytes);
  if (count > info->src->bytes_in_buffer) {
    on_empty(info);
    return;
  }
  info->src->next_input_byte += count;
  info->src->bytes_in_buffer -= count;
}

void JpegLibrary::throw_error() const {
  throw DecodeError(message_);
}

}  // namespace feedline

#include "jpeg_library.hpp"

#include "decode_error.hpp"

#include <fmt/format.h>
#include <jerror.h>

#include <algorithm>
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
  source_.init_source = [](j_decompress_ptr) {};
  source_.fill_input_buffer = on_empty;
  source_.skip_input_data = on_skip;
  source_.resync_to_restart = jpeg_resync_to_restart;
  source_.term_source = [](j_decompress_ptr) {};
  progress_.progress_monitor = on_progress;
  create();
}

JpegLibrary::~JpegLibrary() {
  jpeg_destroy_decompress(&info_);
}

void JpegLibrary::create() {
  info_.client_data = this;
  run([this] { jpeg_create_decompress(&info_); });
  info_.src = &source_;
  info_.progress = &progress_;
}

/// A new decompressor takes less than a microsecond; to decode a photograph takes hundreds.
void JpegLibrary::set_input(std::span<const std::byte> file) {
  jpeg_destroy_decompress(&info_);
  create();
  source_.next_input_byte = reinterpret_cast<const JOCTET*>(file.data());
  source_.bytes_in_buffer = file.size();
  ended_early_ = false;
  std::fill(std::begin(warning_), std::end(warning_), '\0');
  warned_row_ = 0;
}

std::string JpegLibrary::warning() const {
  if (warned_row_ == 0) return warning_;
  return fmt::format("{} (row {} of {})", warning_, warned_row_, info_.image_height);
}

void JpegLibrary::on_error(j_common_ptr info) {
  JpegLibrary& self = owner(info);
  if (info->err->msg_code == JERR_NO_QUANT_TABLE) {
    std::snprintf(self.message_, sizeof self.message_,
                  "it has no quantisation table %d: it is only a part of a JPEG file",
                  info->err->msg_parm.i[0]);
  } else {
    (*info->err->format_message)(info, self.message_);
  }
  std::longjmp(self.jump_, 1);
}

/// Damaged data is decoded as far as it goes, as other programs do: a warning is no error. The first one is
/// kept; that the file is of a later version of JFIF is none of its data.
void JpegLibrary::on_message(j_common_ptr info, int level) {
  JpegLibrary& self = owner(info);
  if (level >= 0 || info->err->msg_code == JWRN_JFIF_MAJOR || self.warning_[0] != '\0') return;
  (*info->err->format_message)(info, self.warning_);
  const jpeg_decompress_struct& picture = self.info_;
  const bool one_scan = picture.progressive_mode == FALSE && picture.comps_in_scan == picture.num_components;
  const auto rows_of_blocks = static_cast<std::uint32_t>(picture.max_v_samp_factor * DCTSIZE);
  if (one_scan) self.warned_row_ = picture.input_iMCU_row * rows_of_blocks;
}

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

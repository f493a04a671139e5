#include "sound_source.hpp"

#include "decode_error.hpp"

#include <feedline/common/log.hpp>
#include <feedline/data/sample_error.hpp>

#include <fmt/format.h>

#include <string>
#include <system_error>
#include <utility>

namespace feedline {
namespace {

/// So large a part of the samples at full scale is heard.
constexpr double kClipped = 0.001;

/// Tells of the first recording with this fault, and counts the others.
void tell_once(std::atomic<std::uint64_t>& count, const std::string& message) {
  if (count.fetch_add(1, std::memory_order_relaxed) == 0)
    log_warning(message + " Others like it are not named.");
}

}  // namespace

SoundSource::SoundSource(RecordingList recordings, const MelSpec& spec, const SoundOptions& options,
                         CacheKind cache, std::uint64_t cache_bytes)
    : recordings_(std::move(recordings)),
      spec_(spec),
      log_mel_(spec),
      channel_(options.channel),
      keep_silent_(options.keep_silent),
      cache_(cache, cache_bytes, recordings_.size()) {}

std::optional<FileIdentity> SoundSource::identity(std::uint64_t id) const noexcept {
  if (cache_.kind() == CacheKind::kNone) return std::nullopt;
  return identify_file(recordings_.root_fd(), recordings_.path(id));
}

std::span<const float> SoundSource::wave(std::uint64_t id, SoundTools& tools) const {
  if (cache_.kind() != CacheKind::kEncoded) return decode(id, tools);
  const auto now = identity(id);
  if (now) {
    const auto kept = cache_.find(id, *now);
    if (!kept.empty()) return kept;
  }
  const auto made = decode(id, tools);
  if (now) cache_.keep(id, *now, made);
  return made;
}

std::span<const float> SoundSource::decode(std::uint64_t id, SoundTools& tools) const {
  try {
    const auto begin = Clock::now();
    StageRange range(tools.lane, stage::kRead);
    const auto file = tools.file.read(recordings_.root_fd(), recordings_.path(id));
    const auto read = Clock::now();
    range.next(stage::kDecode);
    const SoundHeader header = tools.decoder.open(file);
    judge(id, tools.decoder.decode(channel_ ? static_cast<int>(*channel_) : kMeanOfChannels, tools.decoded));
    const auto decoded = Clock::now();
    range.next(stage::kTransform);
    std::span<const float> wave = tools.decoded;
    if (header.sample_rate != spec_.sample_rate) {
      tools.resamplers.get(header.sample_rate, spec_.sample_rate)(tools.decoded, tools.resampled);
      wave = tools.resampled;
    }
    if (wave.size() < samples_needed(spec_))
      throw DecodeError(
          fmt::format("it has {} samples, a spectrogram needs {}", wave.size(), samples_needed(spec_)));
    sums_.add_part(read - begin, decoded - read, Clock::now() - decoded);
    return wave;
  } catch (const DecodeError& error) {
    refuse(id, error.what());
  } catch (const std::system_error& error) {
    refuse(id, "cannot be read: " + error.code().message());
  }
}

void SoundSource::judge(std::uint64_t id, const SoundFacts& facts) const {
  if (facts.silent && !keep_silent_)
    throw DecodeError("it is silent from start to end (--keep-silent takes it as it is)");
  const std::string name = recordings_.describe(id);
  if (facts.truncated) tell_once(truncated_, name + " ends before its header says; what is there is used.");
  if (facts.peak > 1.0F)
    tell_once(too_loud_, fmt::format("{} has samples up to {:.3g}, beyond full scale.", name, facts.peak));
  if (static_cast<double>(facts.full_scale) > kClipped * static_cast<double>(facts.samples))
    tell_once(clipped_, fmt::format("{} is clipped: {:.2f} % of its samples are at full scale.", name,
                                    100.0 * static_cast<double>(facts.full_scale) /
                                        static_cast<double>(facts.samples)));
}

void SoundSource::refuse(std::uint64_t id, std::string reason) const {
  throw SampleError(recordings_.describe(id), std::move(reason));
}

}  // namespace feedline

#pragma once

#include <feedline/data/audio/mel_spec.hpp>

#include <cstdint>
#include <vector>

namespace feedline {

/// One band: what each of a few neighbouring frequency bins adds to it.
struct MelBand {
  std::uint32_t first_bin = 0;
  std::uint32_t first_weight = 0;  ///< in MelFilters::weights
  std::uint32_t bins = 0;
};

/// The triangles of a spec, without the zeros around them.
struct MelFilters {
  std::vector<MelBand> bands;
  std::vector<float> weights;
};

/// Computed in double. Slaney's and HTK's scales as librosa.filters.mel has them; Kaldi's as
/// torchaudio.compliance.kaldi.get_mel_banks; kHtkSymmetric as speechbrain's Filterbank.
MelFilters make_mel_filters(const MelSpec& spec);

}  // namespace feedline

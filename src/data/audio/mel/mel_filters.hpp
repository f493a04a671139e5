#pragma once

#include <feedline/data/audio/mel_spec.hpp>

#include <cstdint>
#include <vector>

namespace feedline {

/// One band: the weights of a few neighbouring frequency bins in it.
struct MelBand {
  std::uint32_t first_bin = 0;
  std::uint32_t first_weight = 0;  ///< Index of its first weight in MelFilters::weights
  std::uint32_t bins = 0;
};

/// The triangles of a spec, without the zeros around them.
struct MelFilters {
  std::vector<MelBand> bands;
  std::vector<float> weights;
};

/// Makes the filters of a spec, computed in double. The scales of Slaney and HTK are those of
/// librosa.filters.mel, Kaldi's is that of torchaudio.compliance.kaldi.get_mel_banks, and kHtkSymmetric is
/// that of speechbrain's Filterbank.
MelFilters make_mel_filters(const MelSpec& spec);

}  // namespace feedline

#include <feedline/data/dataset.hpp>

namespace feedline {

Buckets buckets_of(const Dataset& set) {
  const Buckets* buckets = set.parts().buckets;
  return buckets != nullptr ? *buckets : Buckets({set.size()});
}

CacheStats cache_of(const Dataset& set) noexcept {
  const CacheControl* cache = set.parts().cache;
  return cache != nullptr ? cache->cache_stats() : CacheStats{};
}

std::uint64_t fingerprint_of(const Dataset& set) {
  const Audit* audit = set.parts().audit;
  return audit != nullptr ? audit->fingerprint() : 0;
}

StageTimes stages_of(const Dataset& set) noexcept {
  const LoadReport* loads = set.parts().loads;
  return loads != nullptr ? loads->stages() : StageTimes{};
}

std::string remarks_of(const Dataset& set) {
  const LoadReport* loads = set.parts().loads;
  return loads != nullptr ? loads->remarks() : std::string();
}

}  // namespace feedline

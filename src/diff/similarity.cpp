#include "diff/similarity.h"

#include <algorithm>
#include <vector>

namespace whimbrel::diff {

int similarity(std::string_view a, std::string_view b) {
  std::vector<std::size_t> distances(b.size() + 1);
  for (std::size_t k = 0; k <= b.size(); ++k) distances[k] = k;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = distances[0];
    distances[0] = i + 1;
    for (std::size_t k = 0; k < b.size(); ++k) {
      const std::size_t replaced = diagonal + (a[i] == b[k] ? 0 : 1);
      diagonal = distances[k + 1];
      distances[k + 1] = std::min({replaced, distances[k] + 1, distances[k + 1] + 1});
    }
  }
  const std::size_t longest = std::max({a.size(), b.size(), std::size_t{1}});
  return 100 - static_cast<int>(100 * distances[b.size()] / longest);
}

}  // namespace whimbrel::diff

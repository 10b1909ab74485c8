#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace whimbrel::test {

/// Random choices; the same seed makes the same ones everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// From 0 to below `bound`.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  bool chance(unsigned percent) { return engine_() % 100 < percent; }
  template <class T>
  const T& pick(const std::vector<T>& items) {
    return items[below(items.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace whimbrel::test

#pragma once

#include <cstdint>
#include <cstdlib>

namespace whimbrel::test {

inline std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr && *text != '\0' ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// Says which of many similar inputs are tried: every n-th by the number in the environment, from the first; all if
/// there is none.
class EveryNth {
 public:
  explicit EveryNth(const char* name) : step_(number_from_environment(name, 1)) {}

  bool operator()() { return count_++ % step_ == 0; }

 private:
  std::uint64_t step_;
  std::uint64_t count_ = 0;
};

}  // namespace whimbrel::test

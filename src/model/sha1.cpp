#include "model/sha1.h"

#include <sha1.h>

#include <array>
#include <cstdint>

namespace whimbrel::model {

std::string sha1(std::string_view text) {
  std::array<char, SHA1_DIGEST_STRING_LENGTH> digest{};
  SHA1Data(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digest.data());
  return digest.data();
}

}  // namespace whimbrel::model

#pragma once

#include <string_view>

#include "whimbrel/error.h"

/// PostgreSQL's error codes, five letters and digits each, as Error::native_code() contains them.
/// https://www.postgresql.org/docs/current/errcodes-appendix.html
namespace whimbrel::dialect::postgres {

/// Packs a code like the server's MAKE_SQLSTATE: six bits for each character, the first in the lowest bits. 0 for no
/// code.
[[nodiscard]] constexpr int pack_sqlstate(std::string_view code) {
  if (code.size() != 5) return 0;
  int packed = 0;
  for (std::size_t i = code.size(); i > 0; --i) packed = packed << 6 | ((code[i - 1] - '0') & 0x3f);
  return packed;
}

/// Unpacks a code into its five characters.
[[nodiscard]] inline std::string unpack_sqlstate(int packed) {
  std::string code;
  for (int i = 0; i < 5; ++i) code += static_cast<char>((packed >> (6 * i) & 0x3f) + '0');
  return code;
}

/// Returns the code of an error from the server, `42P01`; empty for other errors.
[[nodiscard]] inline std::string sqlstate(const Error& error) {
  return error.native_code() == 0 ? std::string() : unpack_sqlstate(error.native_code());
}

[[nodiscard]] inline bool has_sqlstate(const Error& error, std::string_view code) {
  return error.native_code() != 0 && error.native_code() == pack_sqlstate(code);
}

}  // namespace whimbrel::dialect::postgres

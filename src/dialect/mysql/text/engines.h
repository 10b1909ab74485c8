#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "sql/lexer.h"

namespace whimbrel::dialect::mysql {

/// Engines whose tables consist of other tables or of files elsewhere.
inline constexpr std::array<std::string_view, 7> connected_engines = {"MRG_MYISAM", "FEDERATED", "CONNECT", "SPIDER",
                                                                      "S3",         "OQGRAPH",   "SPHINX"};

[[nodiscard]] inline bool is_connected_engine(std::string_view engine) {
  return std::any_of(connected_engines.begin(), connected_engines.end(),
                     [&](std::string_view one) { return sql::equal_ignoring_case(one, engine); });
}

}  // namespace whimbrel::dialect::mysql

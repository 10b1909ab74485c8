#pragma once

#include <set>
#include <string>

#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

/// Names are equal if only the case of their letters differs.
struct LessIgnoringCase {
  bool operator()(const std::string& a, const std::string& b) const { return sql::to_lower(a) < sql::to_lower(b); }
};

using Names = std::set<std::string, LessIgnoringCase>;

}  // namespace whimbrel::dialect::sqlite

#pragma once

#include <string>
#include <vector>

namespace whimbrel::sql {

/// A statement for the database, and what it is for.
struct Statement {
  std::string sql;
  std::string description;
  bool operator==(const Statement&) const = default;
};

/// What a generator makes of a plan.
struct Script {
  std::vector<Statement> up;
  std::vector<Statement> down;
  bool operator==(const Script&) const = default;
};

}  // namespace whimbrel::sql

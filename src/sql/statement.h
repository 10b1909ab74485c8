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

/// Statements for a database's own shell, which knows nothing of guards.
struct ShellScript {
  std::vector<Statement> statements;
  std::string advice;  ///< How it is to be run, in words; empty: as it comes.
};

}  // namespace whimbrel::sql

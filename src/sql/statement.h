#pragma once

#include <optional>
#include <string>
#include <vector>

namespace whimbrel::sql {

/// A table whose rows a statement before has copied.
struct Copied {
  std::string table;
  std::string copy;
  bool counts_up = false;  ///< The copy must not give a key again that the table has given.
  bool operator==(const Copied&) const = default;
};

/// A statement for the database, and what it is for.
struct Statement {
  std::string sql;
  std::string description;
  std::optional<Copied> drops{};  ///< It drops this table, which goes on in its copy.
  bool renames_copy = false;      ///< It renames a table that is rebuilt, or its copy: the table keeps its name by it.
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
  std::string beginning{};             ///< Lines for the shell itself, which come first.
  std::vector<std::string> remarks{};  ///< What the shell reads otherwise than it is meant, in words.
};

}  // namespace whimbrel::sql

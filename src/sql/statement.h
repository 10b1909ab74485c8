#pragma once

#include <optional>
#include <string>
#include <vector>

namespace whimbrel::sql {

/// A table whose rows an earlier statement copied.
struct Copied {
  std::string table;
  std::string copy;
  bool has_auto_increment = false;  ///< If true, the copy must not generate a key that the table has already generated.
  std::vector<std::string> columns{};     ///< All of the table.
  std::vector<std::string> dependents{};  ///< The indexes and triggers that are dropped with it.
  bool operator==(const Copied&) const = default;
};

/// A statement for the database, and its purpose.
struct Statement {
  std::string sql;
  std::string description;
  std::optional<Copied> drops{};  ///< Set if it drops this table, which is continued in its copy.
  bool renames_copy = false;  ///< If true, it renames a rebuilt table or its copy, so that the table keeps its name.
  bool operator==(const Statement&) const = default;
};

/// The statements of a plan.
struct Script {
  std::vector<Statement> up;
  std::vector<Statement> down;
  bool operator==(const Script&) const = default;
};

/// Statements for a database's own shell, which runs no guards.
struct ShellScript {
  std::vector<Statement> statements;
  std::string beginning{};             ///< Lines for the shell itself, before the statements.
  std::vector<std::string> remarks{};  ///< Statements that the shell would read differently, as display text.
};

}  // namespace whimbrel::sql

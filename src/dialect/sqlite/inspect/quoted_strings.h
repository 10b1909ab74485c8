#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "sql/lexer.h"
#include "whimbrel/model.h"

/// SQLite reads a text in double quotes as a string as long as nothing has its name.
/// https://www.sqlite.org/quirks.html#dblquote
namespace whimbrel::dialect::sqlite {

/// A view or a trigger, and the statement that creates it.
struct StoredStatement {
  std::string kind;  ///< `view` or `trigger`.
  std::string name;
  std::string sql;

  auto operator<=>(const StoredStatement&) const = default;
};

/// Returns the statement with its strings, and messages of RAISE, in single quotes; nullopt if SQLite cannot read the
/// statement. `scratch`: a database without rows that contains what the statement reads, where it is tried.
[[nodiscard]] std::optional<std::string> with_single_quotes(Connection& scratch, const StoredStatement& definition);

/// Returns why an expression does not compile over the columns of the table; nullopt if it does.
[[nodiscard]] std::optional<std::string> error_over(Connection& scratch, const model::Table& table,
                                                    const std::string& expression);

/// Something whose text stays, and in which a name means something else.
struct ChangedReading {
  std::string reader;  ///< Display text: `index "live"`.
  std::string text;    ///< The name.
};

/// Finds a text in double quotes in the indexes, check constraints and generated columns of a table that gets other
/// columns: it is a string over the first columns, and a name over the second.
[[nodiscard]] std::optional<ChangedReading> find_changed_reading(Connection& scratch, const model::Table& as_string,
                                                                 const model::Table& as_name);

}  // namespace whimbrel::dialect::sqlite

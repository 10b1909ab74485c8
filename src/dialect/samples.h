#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "whimbrel/error.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect {

struct StoredAs;

/// What is asked of a database about rows and values, for trying a migration out.
class Samples {
 public:
  virtual ~Samples() = default;

  /// Why no row can be put into the table of a scratch database or be looked for in it, though it could be made, in the
  /// database's words; nothing if that can be done.
  [[nodiscard]] virtual std::optional<std::string> use_error(Connection& scratch, const model::Table& table) const = 0;
  /// Does the text, an error of a scratch database, say only that it lacks what `original`, a connection of the
  /// program's, has been given: a function or a collation?
  [[nodiscard]] virtual bool has_what_lacks(Connection& original, const std::string& error) const = 0;

  /// How many of the values that the column has in the database would not come back if it were kept as `to`, and later
  /// as `from`, as it is, again. Nothing if that is not known.
  [[nodiscard]] virtual std::optional<std::size_t> changed_values(Connection& connection, const model::Name& table,
                                                                  const std::string& column, const StoredAs& from,
                                                                  const StoredAs& to) const = 0;

  /// Copies rows of the tables from the database of `connection` into a scratch copy of it, up to `most` of each, such
  /// that foreign keys hold; triggers do nothing. They do not leave the server. Each table stands after those that it
  /// refers to. Returns what was not copied, in words.
  [[nodiscard]] virtual std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                                           const std::vector<const model::Table*>& tables,
                                                           std::size_t most) const = 0;
  /// Has the scratch database triggers that could reach beyond it? The functions that a server's triggers call can do
  /// what they like.
  [[nodiscard]] virtual bool has_reaching_triggers(Connection& scratch) const = 0;
  /// Runs the function, which changes rows of the scratch database: no trigger is told.
  virtual void without_triggers(Connection& scratch, const std::function<void()>& function) const = 0;
  /// From now on a row that breaks a constraint of the scratch database is refused at once, not at the commit.
  virtual void check_at_once(Connection& scratch) const = 0;
  /// SQL for values at the edges of the column's type, an ordinary one first. Some may be wrong for it: trying says so.
  [[nodiscard]] virtual std::vector<std::string> edge_values(const model::Column& column) const = 0;
  /// SQL for the nth of values that are all different; nothing for a type of which none are known.
  [[nodiscard]] virtual std::optional<std::string> nth_value(const model::Column& column, std::size_t n) const = 0;

  /// What tells the rows of the table apart, whatever its columns; nothing if there is no such thing.
  [[nodiscard]] virtual std::optional<std::string> row_id(const model::Table& table) const = 0;
  /// SQL for a value as it can be kept apart from its column and its type.
  [[nodiscard]] virtual std::string kept(const std::string& value) const = 0;
  /// SQL: is it another value than the one that was kept?
  [[nodiscard]] virtual std::string differs(const std::string& kept, const std::string& value) const = 0;
  /// SQL: is it the value that was kept, none of them NULL?
  [[nodiscard]] virtual std::string equals(const std::string& kept, const std::string& value) const = 0;
  /// SQL for the beginning of a value that was kept, as a literal.
  [[nodiscard]] virtual std::string shown(const std::string& kept, const model::Type& type) const = 0;
};

}  // namespace whimbrel::dialect

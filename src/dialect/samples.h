#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "sql/syntax.h"
#include "whimbrel/error.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect {

struct StoredAs;

/// A table whose rows are copied.
struct SampledTable {
  const model::Table* table;
  /// Foreign keys that the table does not have yet, to copied tables. Rows may violate them; the others need the rows
  /// that they reference.
  std::vector<model::ForeignKey> later_keys{};
};

/// The questions to a database about rows and values, for the verification of a migration.
class Samples {
 public:
  virtual ~Samples() = default;

  /// Returns the database's message if no row can be inserted into or selected from the table of a scratch database,
  /// although the table could be created; nullopt if both work.
  [[nodiscard]] virtual std::optional<std::string> use_error(Connection& scratch, const model::Table& table) const = 0;
  /// Returns whether the text, an error of a scratch database, says only that it lacks a function or collation that
  /// `original`, a connection of the program, has.
  [[nodiscard]] virtual bool has_what_lacks(Connection& original, const std::string& error) const = 0;

  /// Returns how many values of the column would not be restored by a conversion to `to` and back to `from`; nullopt if
  /// this is unknown.
  [[nodiscard]] virtual std::optional<std::size_t> changed_values(Connection& connection, const model::Name& table,
                                                                  const std::string& column, const StoredAs& from,
                                                                  const StoredAs& to) const = 0;

  /// Copies up to `most` rows of each table from the database of `connection` into a scratch copy of it, so that
  /// foreign keys hold; no trigger fires. The rows do not leave the server. Tables must come after those that they
  /// reference. Returns what was not copied, as display text.
  [[nodiscard]] virtual std::vector<std::string> copy_rows(Connection& connection, Connection& scratch,
                                                           const std::vector<SampledTable>& tables,
                                                           std::size_t most) const = 0;
  /// Returns whether triggers of the scratch database could have effects outside it. The functions that a server's
  /// triggers call can do anything.
  [[nodiscard]] virtual bool has_reaching_triggers(Connection& scratch) const = 0;
  /// Runs the function, which changes rows of the scratch database, without firing triggers.
  virtual void without_triggers(Connection& scratch, const std::function<void()>& function) const = 0;
  /// From now on, a row that violates a constraint of the scratch database is rejected at once, not at the commit.
  virtual void check_at_once(Connection& scratch) const = 0;
  /// Returns SQL for values at the limits of the column's type, an ordinary one first. Some may be invalid for it.
  [[nodiscard]] virtual std::vector<std::string> edge_values(const model::Column& column) const = 0;
  /// Returns SQL for the nth of distinct values; nullopt for a type without known values.
  [[nodiscard]] virtual std::optional<std::string> nth_value(const model::Column& column, std::size_t n) const = 0;

  /// Returns SQL that identifies the rows of the table independently of its columns; nullopt if there is none.
  [[nodiscard]] virtual std::optional<std::string> row_id(const model::Table& table) const = 0;
  /// Returns SQL for a value in a form that can be stored without its column and type.
  [[nodiscard]] virtual std::string kept(const std::string& value) const = 0;
  /// Returns SQL that is true if a value differs from the stored one.
  [[nodiscard]] virtual std::string differs(const std::string& kept, const std::string& value) const = 0;
  /// Returns SQL that is true if a value equals the stored one and neither is NULL.
  [[nodiscard]] virtual std::string equals(const std::string& kept, const std::string& value) const = 0;
  /// Returns SQL for the beginning of a stored value, as a literal.
  [[nodiscard]] virtual std::string shown(const std::string& kept, const model::Type& type) const = 0;
};

/// Returns how many rows of a mean size in bytes may be copied, at most `most`: tables can contain images and
/// documents.
[[nodiscard]] std::size_t rows_within_limit(const Value& mean_size, std::size_t most);

/// Returns the texts as literals.
[[nodiscard]] std::vector<std::string> quoted(const std::vector<std::string>& texts, const sql::Syntax& syntax);

}  // namespace whimbrel::dialect

#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"
#include "session/schema_access.h"

/// A schema operation of a migration.
namespace whimbrel::query_runner {

/// What an operation needs of the schema.
enum class Reads { tables, tables_and_dependents };

class SchemaOperation {
 public:
  /// Reads at least the tables with these names; with their dependents also views, and all tables if the database
  /// cannot tell which ones depend on them. Throws Error (usage) if there is no schema to read.
  SchemaOperation(QueryRunner::Backend& backend, std::initializer_list<Text> names,
                  Reads reads = Reads::tables_and_dependents);

  [[nodiscard]] const dialect::Dialect& dialect() const { return *source_.dialect; }
  [[nodiscard]] const NamingStrategy& naming() const { return *source_.naming; }
  /// Returns the name for a new table or view: on a database with schemas, a dot separates the schema.
  [[nodiscard]] model::Name name(Text text) const;
  /// Returns null if it does not exist.
  [[nodiscard]] const model::Table* find_table(Text name) const;
  [[nodiscard]] const model::View* find_view(Text name) const;
  // A name without a schema, even if it contains a dot, precedes one with a schema.
  // Names are compared as the database compares them, ignoring case if it does. Throw Error (usage) if there is none.
  [[nodiscard]] const model::Table& table(Text name) const;
  [[nodiscard]] const model::Column& column(const model::Table& table, Text name) const;
  [[nodiscard]] const model::Column* find_column(const model::Table& table, Text name) const;

  /// Returns the table, with the columns that its parts use.
  [[nodiscard]] model::Table with_uses(const model::Table& table) const;
  void warn(const std::string& line) const;

  /// Throws Error (usage) if a table or a view has the name.
  void require_free(Text name) const;

  /// Runs operations, renames first. Throws Error (usage), before anything is changed, if a column would have no value
  /// in existing rows.
  void run(const std::vector<operation::Operation>& operations, const std::vector<operation::Operation>& renames = {});
  /// Returns the schema as the renames leave it.
  [[nodiscard]] model::Schema after(const std::vector<operation::Operation>& renames) const;

 private:
  [[nodiscard]] bool same(model::NameKind kind, const std::string& a, Text b) const;
  template <class Named>
  [[nodiscard]] const Named* find(const std::vector<Named>& list, Text name) const;

  QueryRunner::Backend& backend_;
  session::SchemaAccess source_;
  model::Schema schema_;
};

[[nodiscard]] std::string to_string(Text text);

/// Returns the database of a runner. Throws Error (usage) if there is none.
[[nodiscard]] const session::SchemaAccess& require_access(QueryRunner::Backend& backend);

}  // namespace whimbrel::query_runner

#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"
#include "session/schema_access.h"

/// One change of the schema that a migration asks for.
namespace whimbrel::run {

class SchemaChange {
 public:
  /// Reads the tables and views with these names and all that depends on them, if no more. Throws Error (usage) where
  /// there is no schema to be read.
  SchemaChange(QueryRunner::Target& target, std::initializer_list<Text> names);

  [[nodiscard]] const dialect::Dialect& dialect() const { return *source_.dialect; }
  /// Null if there is none.
  [[nodiscard]] const model::Table* find_table(Text name) const;
  [[nodiscard]] const model::View* find_view(Text name) const;
  // The name in any case that the database takes for the same. They throw Error (usage) when there is none.
  [[nodiscard]] const model::Table& table(Text name) const;
  [[nodiscard]] const model::Column& column(const model::Table& table, Text name) const;
  [[nodiscard]] const model::Column* find_column(const model::Table& table, Text name) const;

  /// The table, with which columns its parts use.
  [[nodiscard]] model::Table with_uses(const model::Table& table) const;
  void warn(const std::string& line) const;

  /// Throws Error (usage) if a table or a view has the name.
  void require_free(const std::string& name) const;

  /// Renames first. Throws Error (usage), before anything is changed, when a column would have no value in the rows
  /// that are there.
  void run(const std::vector<operation::Operation>& operations, const std::vector<operation::Operation>& renames = {});

 private:
  [[nodiscard]] bool same(model::NameKind kind, const std::string& a, Text b) const;

  QueryRunner::Target& target_;
  SchemaAccess source_;
  model::Schema schema_;
};

[[nodiscard]] std::string to_string(Text text);

/// The database behind a runner. Throws Error (usage) where there is none.
[[nodiscard]] const SchemaAccess& require_access(QueryRunner::Target& target);

}  // namespace whimbrel::run

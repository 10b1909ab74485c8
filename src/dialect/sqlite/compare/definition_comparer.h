#pragma once

#include <memory>
#include <optional>

#include "dialect/connection.h"
#include "dialect/sqlite/guard/integrity.h"
#include "dialect/sqlite/inspect/quoted_strings.h"
#include "whimbrel/model.h"

namespace whimbrel::dialect::sqlite {

/// Returns the table with only the parts that give its columns a type and a collation.
[[nodiscard]] std::string bare_table(const model::Table& table);

/// Compares the statements that create views and triggers, each as SQLite reads it in its own schema.
class DefinitionComparer {
 public:
  explicit DefinitionComparer(Connection& connection) : connection_(connection) {}

  /// `renamed`: a copy of the current schema after renames; null: there are none. `is_whole`: the desired schema lacks
  /// nothing that the definitions read. It must outlive the comparison.
  void begin(std::unique_ptr<Connection> renamed, const model::Schema& desired, bool is_whole);

  [[nodiscard]] bool are_same(const StoredStatement& current, const StoredStatement& desired);

 private:
  /// Returns whether a text in double quotes is the name of a desired column.
  [[nodiscard]] bool may_name_column(const StoredStatement& current);
  [[nodiscard]] bool reads_strings(const StoredStatement& current);
  [[nodiscard]] Connection& current();
  [[nodiscard]] Connection& desired();

  Connection& connection_;
  const model::Schema* schema_ = nullptr;
  bool is_whole_ = false;
  std::unique_ptr<Connection> current_;
  std::unique_ptr<Connection> desired_;
  std::optional<Names> columns_;      ///< The names of all desired columns.
  std::optional<BrokenNames> names_;  ///< Of the current schema before the renames.
};

}  // namespace whimbrel::dialect::sqlite

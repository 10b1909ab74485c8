#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "model/indexed_schema.h"

namespace whimbrel::dialect::sqlite {

/// A schema whose names are found without looking at all of it. They are compared without regard to case, and collected
/// at the first question.
class IndexedNames {
 public:
  /// The schema must outlive it, and stay as it is.
  explicit IndexedNames(const model::Schema& schema) : tables_(schema) {}

  [[nodiscard]] const model::Schema& schema() const { return tables_.whole; }
  [[nodiscard]] const model::IndexedSchema& tables() const { return tables_; }
  /// Null: there is none.
  [[nodiscard]] const model::Table* find_table(const model::Name& name) const { return tables_.find_table(name); }

  /// Returns whether a table, a view or an index has the name, or a table that a virtual table may have for its rows.
  [[nodiscard]] bool is_taken(const std::string& name) const;
  /// Returns whether a view, another table or an index of another table has the name.
  [[nodiscard]] bool has_relation_beside(const model::Table& table, const std::string& name) const;
  /// Returns whether a trigger of a view or of another table has the name.
  [[nodiscard]] bool has_trigger_beside(const model::Table& table, const std::string& name) const;

 private:
  using OwnersByName = std::map<std::string, std::set<model::Name>>;  ///< By names in lower case.
  struct Names {
    explicit Names(const model::Schema& schema);

    OwnersByName relations, triggers;      ///< The tables or views that they belong to, or are.
    std::set<std::string> virtual_tables;  ///< In lower case.
  };

  [[nodiscard]] const Names& names() const;
  [[nodiscard]] static bool has_beside(const OwnersByName& owners, const model::Table& table, const std::string& name);

  model::IndexedSchema tables_;
  mutable std::optional<Names> names_;
};

}  // namespace whimbrel::dialect::sqlite

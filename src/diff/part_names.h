#pragma once

#include <string>
#include <type_traits>
#include <unordered_set>

#include "diff/match.h"

namespace whimbrel::diff {

/// The kind of the name of such a part of a table.
template <class T>
constexpr NameKind kind_of = std::is_same_v<T, model::Index> ? NameKind::index : NameKind::constraint;

/// The names of the indexes and constraints of a schema, where each must be unique.
class PartNames {
 public:
  PartNames(const Matcher& match, const model::Schema& schema)
      : match_(match), shared_(match.database().schema_names()) {
    for (const model::Table& table : schema.tables) {
      add(table, table.uniques);
      add(table, table.checks);
      add(table, table.exclusions);
      add(table, table.foreign_keys);
      add(table, table.indexes);
    }
  }

  /// Returns whether a part of this name excludes such a part of the table from having the name.
  template <class T>
  [[nodiscard]] bool has(const model::Name& table, const T& part) const {
    if (part.name.text.empty()) return false;
    if (names_.contains(in_table<T>(table, part.name.text))) return true;
    return is_shared<T>() && names_.contains(in_schema<T>(table, part.name.text));
  }

 private:
  template <class T>
  void add(const model::Table& table, const std::vector<T>& parts) {
    for (const T& part : parts) {
      if (part.name.text.empty()) continue;
      names_.insert(in_table<T>(table.name, part.name.text));
      if (is_shared<T>()) names_.insert(in_schema<T>(table.name, part.name.text));
    }
  }

  template <class T>
  [[nodiscard]] bool is_shared() const {
    if constexpr (std::is_same_v<T, model::Index>) return !are_keys_indexes();
    if constexpr (std::is_same_v<T, model::ForeignKey>) return are_keys_indexes();
    if constexpr (std::is_same_v<T, model::Check>) return shared_ == SchemaNames::of_foreign_keys_and_checks;
    constexpr bool is_key = std::is_same_v<T, model::Unique> || std::is_same_v<T, model::Exclusion>;
    return is_key && shared_ == SchemaNames::of_indexes_and_keys;
  }

  /// Returns whether it is a database, MariaDB or MySQL, on which a unique key is an index.
  [[nodiscard]] bool are_keys_indexes() const {
    return shared_ == SchemaNames::of_foreign_keys || shared_ == SchemaNames::of_foreign_keys_and_checks;
  }

  template <class T>
  [[nodiscard]] std::string in_table(const model::Name& table, const std::string& name) const {
    const model::Name folded = match_.fold_name(NameKind::table, table);
    return folded.schema + '\0' + folded.name + '\0' + space<T>() + '\0' + match_.fold(kind_of<T>, name);
  }
  /// Returns which parts of a table cannot have the same name: on PostgreSQL all constraints, on MariaDB and MySQL the
  /// indexes and keys, which are indexes there.
  template <class T>
  [[nodiscard]] std::string space() const {
    if constexpr (std::is_same_v<T, model::Index>) return "index";
    if (shared_ == SchemaNames::of_indexes_and_keys) return "constraint";
    if constexpr (std::is_same_v<T, model::Unique>) return are_keys_indexes() ? "index" : "unique";
    return std::is_same_v<T, model::ForeignKey> ? "foreign key" : "check";
  }
  // Names of indexes and of keys are compared alike where they are shared; those of foreign keys and checks are not
  // shared with other kinds.
  template <class T>
  [[nodiscard]] std::string in_schema(const model::Name& table, const std::string& name) const {
    const std::string folded = match_.fold(NameKind::schema, table.schema) + '\0' + match_.fold(NameKind::index, name);
    return are_keys_indexes() ? folded + '\0' + space<T>() : folded;
  }

  const Matcher& match_;
  SchemaNames shared_;
  std::unordered_set<std::string> names_;
};

}  // namespace whimbrel::diff

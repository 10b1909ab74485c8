#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/text/names.h"
#include "whimbrel/model.h"

/// Tables that a module implements: full-text indexes, R-Trees. https://www.sqlite.org/vtab.html
namespace whimbrel::dialect::sqlite {

/// The kind of their model::Object.
constexpr std::string_view virtual_table_kind = "virtual table";

/// The contents of a CREATE VIRTUAL TABLE statement.
struct VirtualTable {
  std::string name;
  std::string module;
  std::vector<std::string> arguments;  ///< As written, without surrounding white space. The module parses them.
};

/// SQLite stores the first words of each statement in its own spelling.
/// https://www.sqlite.org/schematab.html#interpretation_of_the_schema_table
[[nodiscard]] bool is_virtual_table(std::string_view definition);
/// Parses a statement as SQLite stores it.
[[nodiscard]] VirtualTable read_virtual_table(std::string_view definition);
/// Parses the statement of an object below.
[[nodiscard]] VirtualTable read_virtual_table(const model::Object& object);

/// Returns the table or view with the texts of a full-text index that does not store them itself; an empty name if they
/// are not stored. https://www.sqlite.org/fts5.html#external_content_and_contentless_tables
[[nodiscard]] std::optional<std::string> content_of(const VirtualTable& table);
/// Returns the key column of that table.
[[nodiscard]] std::string content_rowid(const VirtualTable& table);

/// The virtual tables of a schema and everything that belongs to them. Each object contains the statement that creates
/// it, those with its settings, and those of the user's indexes and triggers on the tables of its module.
struct VirtualTables {
  std::map<std::string, model::Object, LessIgnoringCase> objects;
  /// Those that SQLite cannot open here, with the reason, for example that their module is the program's own.
  std::map<std::string, std::string, LessIgnoringCase> unknown;
  /// The tables in which modules store their contents.
  Names shadows;
  /// Tables whose names begin like those of a virtual table with an unavailable module, each with the name of that
  /// table.
  std::map<std::string, std::string, LessIgnoringCase> unmanaged;

  /// Returns whether the table is not an ordinary one, so that it is not described.
  [[nodiscard]] bool hide(const std::string& table) const {
    return unknown.contains(table) || shadows.contains(table) || unmanaged.contains(table);
  }
};

/// `rows`: the type, name, table and statement of each object.
[[nodiscard]] VirtualTables read_virtual_tables(Connection& connection, const Rows::Data& rows);

/// Returns the object that indexes the table under another name.
[[nodiscard]] model::Object with_content(const model::Object& object, const std::string& table);
/// Returns whether FTS4 takes its columns from the table that it indexes, which must exist then.
[[nodiscard]] bool names_columns(const VirtualTable& table);
/// Returns the object with its columns named, so that it can be created and dropped without that table.
[[nodiscard]] model::Object with_named_columns(const model::Object& object);
/// Returns the full-text index with the statement that fills it.
[[nodiscard]] model::Object filled(const model::Object& object);
/// Returns only the virtual table, under another name.
[[nodiscard]] model::Object bare_copy(const model::Object& object, const std::string& name);

/// Returns only the statement of the virtual table.
[[nodiscard]] std::string create_sql(const VirtualTable& table);
/// Returns the statements that create and fill it, or that replace another one: one of the same name, which is dropped,
/// or a bare copy of it, which is renamed.
[[nodiscard]] std::vector<std::string> create_statements(const model::Object& object);
[[nodiscard]] std::vector<std::string> alter_statements(const model::Object& before, const model::Object& after);

/// Returns why a full-text index cannot read the table that it indexes; nullopt if it can, or reads none.
[[nodiscard]] std::optional<std::string> content_error(Connection& connection, std::string_view definition);

}  // namespace whimbrel::dialect::sqlite

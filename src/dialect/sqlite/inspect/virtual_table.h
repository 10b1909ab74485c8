#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "dialect/sqlite/text/names.h"
#include "whimbrel/model.h"

/// Tables that a module makes up: full-text indexes, R-Trees. https://www.sqlite.org/vtab.html
namespace whimbrel::dialect::sqlite {

/// What a model::Object of one is called.
constexpr std::string_view virtual_table_kind = "virtual table";

/// What a CREATE VIRTUAL TABLE statement says.
struct VirtualTable {
  std::string name;
  std::string module;
  std::vector<std::string> arguments;  ///< As they are written, without what surrounds them. The module reads them.
};

/// SQLite stores the first words of each statement in its own spelling.
/// https://www.sqlite.org/schematab.html#interpretation_of_the_schema_table
[[nodiscard]] bool is_virtual_table(std::string_view definition);
/// A statement as SQLite stores it.
[[nodiscard]] VirtualTable read_virtual_table(std::string_view definition);
/// Of the objects below.
[[nodiscard]] VirtualTable read_virtual_table(const model::Object& object);

/// The table or view whose texts a full-text index has, if it keeps none itself; an empty name if nobody keeps them.
/// https://www.sqlite.org/fts5.html#external_content_and_contentless_tables
[[nodiscard]] std::optional<std::string> content_of(const VirtualTable& table);
/// The column of that table that is its key.
[[nodiscard]] std::string content_rowid(const VirtualTable& table);

/// What belongs to virtual tables. Each object carries the statement that makes it, those that give it settings, and
/// those of the indexes and triggers that somebody has put on the tables of its module.
struct VirtualTables {
  std::map<std::string, model::Object, LessIgnoringCase> objects;
  /// Those that SQLite cannot open here, and why: their module is the program's own, say.
  std::map<std::string, std::string, LessIgnoringCase> unknown;
  /// The tables in which modules keep what is in theirs.
  Names shadows;
  /// Tables that are named as those of a virtual table, whose module cannot be asked: each with the name of that one.
  std::map<std::string, std::string, LessIgnoringCase> unmanaged;

  /// Is it none of the tables that can be described?
  [[nodiscard]] bool hide(const std::string& table) const {
    return unknown.contains(table) || shadows.contains(table) || unmanaged.contains(table);
  }
};

/// `rows`: the type, name, table and statement of each object.
[[nodiscard]] VirtualTables read_virtual_tables(Connection& connection, const Rows::Data& rows);

/// The object as it has to be when the table that it indexes is called otherwise.
[[nodiscard]] model::Object with_content(const model::Object& object, const std::string& table);
/// FTS4 can take its columns from the table that it indexes, which has to be there then.
[[nodiscard]] bool names_columns(const VirtualTable& table);
/// The object with its columns named, so that it can be made and dropped without that table.
[[nodiscard]] model::Object with_named_columns(const model::Object& object);
/// The virtual table alone, under another name.
[[nodiscard]] model::Object bare_copy(const model::Object& object, const std::string& name);

/// The statement of the virtual table alone.
[[nodiscard]] std::string create_sql(const VirtualTable& table);
/// The statements that make it and fill it, or put it in the place of the other: of one of the same name, which is
/// dropped, or of a bare copy of it, which is renamed.
[[nodiscard]] std::vector<std::string> create_statements(const model::Object& object);
[[nodiscard]] std::vector<std::string> alter_statements(const model::Object& before, const model::Object& after);

/// Why a full-text index cannot read the table that it indexes; nothing if it can, or reads none.
[[nodiscard]] std::optional<std::string> content_error(Connection& connection, std::string_view definition);

}  // namespace whimbrel::dialect::sqlite

#include "dialect/sqlite/inspect/virtual_table.h"

#include <algorithm>
#include <array>

#include "dialect/sqlite/inspect/cursor.h"
#include "dialect/sqlite/text/statement_text.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using model::Object;
using sql::Writer;

bool is_one_of(std::string_view module, std::initializer_list<std::string_view> modules) {
  return std::any_of(modules.begin(), modules.end(),
                     [&](std::string_view candidate) { return sql::equal_ignoring_case(module, candidate); });
}

bool is_full_text(std::string_view module) { return is_one_of(module, {"fts3", "fts4", "fts5"}); }

/// An argument of the form `key = value`.
struct Option {
  std::string key;
  sql::Token value;
};

/// The others describe columns.
std::optional<Option> read_option(std::string_view argument) {
  const std::vector<sql::Token> tokens = sql::tokenize(argument);
  if (tokens.size() < 2 || !tokens[1].is("=")) return std::nullopt;
  return Option{sql::to_lower(tokens[0].value()), tokens.size() > 2 ? tokens[2] : sql::Token{}};
}

std::optional<std::string> find_option(const VirtualTable& table, std::string_view key) {
  for (const std::string& argument : table.arguments) {
    const auto option = read_option(argument);
    if (option && option->key == key) return option->value.text.empty() ? std::string() : option->value.value();
  }
  return std::nullopt;
}

/// The arguments, at the commas between them.
std::vector<std::string> read_arguments(Cursor& cursor) {
  std::vector<std::string> arguments;
  if (!cursor.accept("(") || cursor.accept(")")) return arguments;
  for (int depth = 0; depth >= 0;) {
    std::size_t length = 0;
    const Tokens rest = cursor.rest();
    for (; length + 1 < rest.size(); ++length) {
      if (rest[length].is("(")) ++depth;
      if (rest[length].is(")") && --depth < 0) break;
      if (rest[length].is(",") && depth == 0) break;
    }
    if (length + 1 >= rest.size()) cursor.fail(")");
    arguments.push_back(length == 0 ? std::string() : std::string(cursor.text(rest.first(length))));
    cursor.skip(length + 1);
  }
  return arguments;
}

std::string create_sql(const VirtualTable& table) {
  Writer writer;
  writer.raw("CREATE VIRTUAL TABLE ").identifier(table.name).raw(" USING ");
  if (sql::tokenize(table.module).size() == 1) {
    writer.raw(table.module);
  } else {
    writer.identifier(table.module);
  }
  if (table.arguments.empty()) return writer.take();
  writer.raw("(").list(table.arguments, [&](const std::string& argument) { writer.raw(argument); });
  return writer.raw(")").take();
}

/// Those of a definition: no semicolon stands in them but in quotes.
std::vector<std::string> statements_of(const std::string& definition) {
  std::vector<std::string> statements;
  std::size_t begin = 0;
  for (const sql::Token& token : sql::tokenize(definition)) {
    if (!token.is(";")) continue;
    statements.push_back(definition.substr(begin, token.offset - begin));
    begin = token.end() + 1;
  }
  statements.push_back(definition.substr(begin));
  return statements;
}

/// What FTS5 was told for good by `INSERT INTO f(f, rank) VALUES (...)`.
/// https://www.sqlite.org/fts5.html#special_insert_commands
std::vector<std::string> settings_statements(Connection& connection, const VirtualTable& table) {
  std::vector<std::string> statements;
  if (!is_one_of(table.module, {"fts5"})) return statements;
  const Rows::Data settings = connection.run(
      "SELECT k, quote(v) FROM " + sql::quote_identifier(table.name + "_config") + " WHERE k <> 'version' ORDER BY k");
  for (const auto& row : settings.values) {
    Writer writer;
    writer.raw("INSERT INTO ").identifier(table.name).raw("(").identifier(table.name).raw(", rank) VALUES (");
    statements.push_back(writer.string(row.at(0).text()).raw(", ").raw(row.at(1).text()).raw(")").take());
  }
  return statements;
}

/// As the other is written: bare, where that can be.
std::string quoted_like(const sql::Token& other, const std::string& name) {
  if (other.kind == sql::TokenKind::string) return sql::quote_string(name);
  const std::vector<sql::Token> tokens = sql::tokenize(name);
  const bool is_word = tokens.size() == 1 && tokens[0].kind == sql::TokenKind::word && tokens[0].text == name;
  return is_word && other.kind == sql::TokenKind::word ? name : sql::quote_identifier(name);
}

std::string filling_of(const VirtualTable& table) {
  Writer writer;
  writer.raw("INSERT INTO ").identifier(table.name).raw("(").identifier(table.name);
  return writer.raw(") VALUES ('rebuild')").take();
}

/// What of the table is gone for ever when it is dropped.
std::string rows_of(const VirtualTable& table) {
  if (is_one_of(table.module, {"fts5vocab", "fts4aux", "fts3tokenize", "dbstat"})) return {};
  const std::optional<std::string> content = content_of(table);
  if (!content) return "the rows of virtual table \"" + table.name + '"';
  if (!content->empty()) return {};
  return "what virtual table \"" + table.name + "\" has indexed, which only the program can index again";
}

/// The columns that are read and written as those of tables are.
std::vector<std::string> column_names(Connection& connection, const std::string& table) {
  std::vector<std::string> names;
  for (const auto& row :
       connection.run("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", {Value(table)}).values) {
    names.push_back(row.at(0).text());
  }
  return names;
}

Object make_object(Connection& connection, const VirtualTable& table) {
  Object object;
  object.kind = virtual_table_kind;
  object.name = table.name;
  object.removal = Writer().raw("DROP TABLE ").identifier(table.name).take();
  object.after_tables = true;
  object.rows.value = rows_of(table);
  const std::vector<std::string> columns = column_names(connection, table.name);
  // Nothing reads the texts of an index without content.
  const bool is_readable = content_of(table).value_or(table.name) != "";
  if (is_readable && (is_full_text(table.module) || is_one_of(table.module, {"rtree", "rtree_i32"}))) {
    object.columns.value = columns;
  }
  object.definition = create_sql(table);
  // An index whose table is gone cannot be filled from it.
  const bool reads = !content_of(table).value_or("").empty();
  if (reads && !content_error(connection, object.definition)) object.filling.value = filling_of(table);
  for (const std::string& statement : settings_statements(connection, table)) object.definition += ";\n" + statement;
  return object;
}

/// The tables that the modules of SQLite itself keep for a virtual table, where SQLite cannot be asked.
void add_shadows_by_name(const Rows::Data& rows, VirtualTables& tables) {
  static constexpr auto suffixes =
      std::to_array<std::string_view>({"_content", "_segments", "_segdir", "_docsize", "_stat", "_data", "_idx",
                                       "_config", "_node", "_parent", "_rowid"});
  std::set<std::string, LessIgnoringCase> possible;
  for (const auto& [name, object] : tables.objects) {
    for (const std::string_view suffix : suffixes) possible.insert(name + std::string(suffix));
  }
  for (const auto& row : rows.values) {
    const std::string name(text_of(row.at(1)));
    if (text_of(row.at(0)) == "table" && possible.contains(name)) tables.shadows.insert(name);
  }
}

std::vector<std::string> common_columns(const Object& before, const Object& after) {
  std::vector<std::string> common;
  const std::vector<std::string>& old = before.columns.value;
  for (const std::string& column : after.columns.value) {
    if (std::any_of(old.begin(), old.end(),
                    [&](const std::string& other) { return sql::equal_ignoring_case(other, column); })) {
      common.push_back(column);
    }
  }
  return common;
}

std::string copy_sql(const Object& after, const std::string& from, const std::vector<std::string>& columns) {
  // An R-Tree's rowid is its first column.
  const bool has_rowid = is_full_text(read_virtual_table(after).module);
  Writer names;
  if (has_rowid) names.raw("rowid, ");
  names.identifiers(columns);
  Writer writer;
  writer.raw("INSERT INTO ").identifier(after.name.name).raw("(").raw(names.text()).raw(") SELECT ");
  return writer.raw(names.text()).raw(" FROM ").identifier(from).take();
}

}  // namespace

bool is_virtual_table(std::string_view definition) { return definition.starts_with("CREATE VIRTUAL TABLE "); }

VirtualTable read_virtual_table(std::string_view definition) {
  Cursor cursor(definition);
  VirtualTable table;
  cursor.expect("CREATE");
  cursor.expect("VIRTUAL");
  cursor.expect("TABLE");
  table.name = cursor.name("the name of the table");
  cursor.set_subject("virtual table " + sql::quote_identifier(table.name));
  cursor.expect("USING");
  table.module = cursor.name("the name of a module");
  table.arguments = read_arguments(cursor);
  cursor.expect_end();
  return table;
}

std::optional<std::string> content_of(const VirtualTable& table) {
  if (!is_one_of(table.module, {"fts4", "fts5"})) return std::nullopt;
  return find_option(table, "content");
}

std::string content_rowid(const VirtualTable& table) { return find_option(table, "content_rowid").value_or("rowid"); }

// https://www.sqlite.org/pragma.html#pragma_table_list
VirtualTables read_virtual_tables(Connection& connection, const Rows::Data& rows) {
  constexpr int table_list_version = 33700;
  VirtualTables result;
  for (const auto& row : rows.values) {
    if (text_of(row.at(0)) != "table" || !is_virtual_table(text_of(row.at(3)))) continue;
    const VirtualTable table = read_virtual_table(text_of(row.at(3)));
    try {
      result.objects.emplace(table.name, make_object(connection, table));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::busy || error.kind() == ErrorKind::interrupted) throw;
      result.unknown.emplace(table.name, reason(error, connection));
    }
  }
  if (result.empty()) return result;
  if (connection.version() < table_list_version) {
    add_shadows_by_name(rows, result);
    return result;
  }
  const Rows::Data shadows =
      connection.run("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'");
  for (const auto& row : shadows.values) result.shadows.insert(row.at(0).text());
  return result;
}

VirtualTable read_virtual_table(const Object& object) {
  return read_virtual_table(std::string_view(statements_of(object.definition).front()));
}

Object with_content(const Object& object, const std::string& table) {
  VirtualTable made = read_virtual_table(object);
  const std::string settings = object.definition.substr(create_sql(made).size());
  for (std::string& argument : made.arguments) {
    const auto option = read_option(argument);
    if (!option || option->key != "content") continue;
    argument = "content=" + quoted_like(option->value, table);
  }
  Object result = object;
  result.definition = create_sql(made) + settings;
  return result;
}

std::vector<std::string> create_statements(const Object& object) {
  std::vector<std::string> statements = statements_of(object.definition);
  if (!object.filling.value.empty()) statements.push_back(object.filling.value);
  return statements;
}

std::vector<std::string> alter_statements(const Object& before, const Object& after) {
  const std::vector<std::string> columns = common_columns(before, after);
  const bool is_readable = !before.rows.value.empty() || !before.filling.value.empty();
  std::vector<std::string> statements;
  if (columns.empty() || !is_readable || after.rows.value.empty()) {
    statements = create_statements(after);
    statements.insert(statements.begin(), before.removal);
    return statements;
  }
  const std::string temporary = "temporary_" + before.name.name;
  statements = create_statements(after);
  statements.insert(
      statements.begin(),
      Writer().raw("ALTER TABLE ").identifier(before.name.name).raw(" RENAME TO ").identifier(temporary).take());
  statements.push_back(copy_sql(after, temporary, columns));
  statements.push_back(Writer().raw("DROP TABLE ").identifier(temporary).take());
  return statements;
}

// The module asks the table only when it reads a row.
std::optional<std::string> content_error(Connection& connection, std::string_view definition) {
  const VirtualTable table = read_virtual_table(definition);
  if (content_of(table).value_or("").empty()) return std::nullopt;
  try {
    connection.run("SELECT * FROM " + sql::quote_identifier(table.name) + " LIMIT 1");
    return std::nullopt;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::busy || error.kind() == ErrorKind::interrupted) throw;
    return reason(error, connection);
  }
}

}  // namespace whimbrel::dialect::sqlite

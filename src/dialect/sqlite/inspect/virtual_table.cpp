#include "dialect/sqlite/inspect/virtual_table.h"

#include <algorithm>

#include "dialect/sqlite/inspect/cursor.h"
#include "dialect/sqlite/inspect/module_trial.h"
#include "dialect/sqlite/inspect/stored_definition.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "dialect/statement_error.h"
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

/// The other arguments describe columns.
std::optional<Option> read_option(std::string_view argument) {
  const std::vector<sql::Token> tokens = sql::tokenize(argument, sqlite_syntax);
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

/// Splits the arguments at the commas between them.
std::vector<std::string> read_module_arguments(Cursor& cursor) {
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

/// Returns the statements of a definition.
std::vector<std::string> statements_of(std::string_view definition) {
  std::vector<std::string> statements;
  for (definition = skip_blank(definition); !definition.empty(); definition = skip_blank(definition)) {
    const std::string_view first = first_statement(definition);
    statements.emplace_back(first);
    definition.remove_prefix(first.size());
  }
  return statements;
}

/// Returns the persistent settings of an FTS5 table, made by `INSERT INTO f(f, rank) VALUES (...)`.
/// https://www.sqlite.org/fts5.html#special_insert_commands
std::vector<std::string> settings_statements(Connection& connection, const VirtualTable& table) {
  std::vector<std::string> statements;
  if (!is_one_of(table.module, {"fts5"})) return statements;
  const Rows::Data settings =
      connection.run("SELECT k, quote(v) FROM " + sql::quote_identifier(table.name + "_config", sqlite_syntax) +
                     " WHERE k <> 'version' ORDER BY k");
  for (const auto& row : settings.values) {
    Writer writer(sqlite_syntax);
    writer.raw("INSERT INTO ").identifier(table.name).raw("(").identifier(table.name).raw(", rank) VALUES (");
    statements.push_back(writer.string(row.at(0).text()).raw(", ").raw(row.at(1).text()).raw(")").take());
  }
  return statements;
}

/// Returns the name quoted like the other token: bare, if possible.
std::string quoted_like(const sql::Token& other, const std::string& name) {
  if (other.kind == sql::TokenKind::string) return sql::quote_string(name, sqlite_syntax);
  const std::vector<sql::Token> tokens = sql::tokenize(name, sqlite_syntax);
  const bool is_word = tokens.size() == 1 && tokens[0].kind == sql::TokenKind::word && tokens[0].text == name;
  return is_word && other.kind == sql::TokenKind::word ? name : sql::quote_identifier(name, sqlite_syntax);
}

std::string filling_of(const VirtualTable& table) {
  Writer writer(sqlite_syntax);
  writer.raw("INSERT INTO ").identifier(table.name).raw("(").identifier(table.name);
  return writer.raw(") VALUES ('rebuild')").take();
}

/// Returns the contents of the table that would be lost when it is dropped.
std::string rows_of(const VirtualTable& table) {
  if (is_one_of(table.module, {"fts5vocab", "fts4aux", "fts3tokenize", "dbstat"})) return {};
  const std::optional<std::string> content = content_of(table);
  if (!content) return "the rows of virtual table \"" + table.name + '"';
  if (!content->empty()) return {};
  return "the index of virtual table \"" + table.name + "\", which only the program can recreate";
}

/// Returns the columns that are read and written like those of tables. One of them is hidden.
/// https://www.sqlite.org/fts3.html#the_languageid_option
std::vector<std::string> column_names(Connection& connection, const VirtualTable& table) {
  const std::string language = find_option(table, "languageid").value_or("");
  std::vector<std::string> names;
  for (const auto& row : connection
                             .run("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 OR name = ? COLLATE NOCASE",
                                  {Value(table.name), Value(language)})
                             .values) {
    names.push_back(row.at(0).text());
  }
  return names;
}

std::string drop_sql(const VirtualTable& table) {
  return Writer(sqlite_syntax).raw("DROP TABLE ").identifier(table.name).take();
}

/// Returns the object with this statement and its settings.
Object with_statement(const Object& object, const VirtualTable& table) {
  Object result = object;
  result.definition = create_sql(table) + object.definition.substr(create_sql(read_virtual_table(object)).size());
  return result;
}

Object make_object(Connection& connection, const VirtualTable& table) {
  Object object;
  object.kind = virtual_table_kind;
  object.name = table.name;
  object.removal = drop_sql(table);
  object.after_tables = true;
  object.rows.value = rows_of(table);
  const std::vector<std::string> columns = column_names(connection, table);
  // The texts of a contentless index cannot be read.
  const bool is_readable = !content_of(table).value_or(table.name).empty();
  if (is_readable && (is_full_text(table.module) || is_one_of(table.module, {"rtree", "rtree_i32"}))) {
    object.columns.value = columns;
  }
  object.definition = create_sql(table);
  // An index whose table does not exist cannot be filled from it.
  const bool reads = !content_of(table).value_or("").empty();
  if (reads && !content_error(connection, object.definition)) object.filling.value = filling_of(table);
  for (const std::string& statement : settings_statements(connection, table)) object.definition += ";\n" + statement;
  return object;
}

std::vector<std::string> columns_of(Connection& connection, const std::string& table) {
  std::vector<std::string> names;
  for (const auto& row : connection.run("SELECT name FROM pragma_table_xinfo(?)", {Value(table)}).values) {
    names.push_back(row.at(0).text());
  }
  return names;
}

/// Returns the tables that SQLite itself considers to belong to a virtual table, by their names.
/// https://www.sqlite.org/pragma.html#pragma_table_list
Names listed_shadows(Connection& connection, const std::string& virtual_table) {
  constexpr int table_list_version = 33700;
  Names names;
  if (connection.version() < table_list_version) return names;
  const Rows::Data rows =
      connection.run("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'");
  for (const auto& row : rows.values) {
    if (is_named_after(row.at(0).text(), virtual_table)) names.insert(row.at(0).text());
  }
  return names;
}

class OwnTables {
 public:
  OwnTables(Connection& connection, VirtualTables& tables) : connection_(connection), tables_(tables) {}

  void find() {
    for (auto& [name, object] : tables_.objects) find(object);
    for (const auto& [name, reason] : tables_.unknown) leave_unmanaged(name);
  }

 private:
  void find(Object& object) {
    const VirtualTable table = read_virtual_table(object);
    const std::unique_ptr<Connection> scratch = connection_.open_scratch();
    const std::optional<Names> made = make_in_empty(*scratch, table, column_names(connection_, table));
    const Names shadows = made ? shadows_of(*scratch, table, *made) : listed_shadows(connection_, table.name);
    if (!made && shadows.empty()) leave_unmanaged(table.name);
    tables_.shadows.insert(shadows.begin(), shadows.end());
    add_statements(object, shadows, made.value_or(Names()));
  }

  /// A table that the module did not create immediately belongs to it if it has its name and its columns.
  Names shadows_of(Connection& scratch, const VirtualTable& table, const Names& made) {
    make_later_tables(scratch, table);
    Names shadows;
    for (const std::string& name : table_names(scratch)) {
      if (sql::equal_ignoring_case(name, table.name) || !is_named_after(name, table.name)) continue;
      if (sql::equal_ignoring_case(name, content_of(table).value_or(""))) continue;
      if (made.contains(name) || columns_of(connection_, name) == columns_of(scratch, name)) shadows.insert(name);
    }
    return shadows;
  }

  /// Adds the user's indexes and triggers that are dropped when the module drops its tables.
  void add_statements(Object& object, const Names& shadows, const Names& made) {
    const Rows::Data rows = connection_.run(
        "SELECT name, tbl_name, sql, type FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL "
        "ORDER BY rowid");
    for (const auto& row : rows.values) {
      const std::string name = row.at(0).text();
      if (!shadows.contains(row.at(1).text()) || made.contains(name)) continue;
      require_definition(row.at(3).text(), name, row.at(2).text());
      object.definition += ";\n" + row.at(2).text();
    }
  }

  void leave_unmanaged(const std::string& virtual_table) {
    for (const std::string& name : table_names(connection_)) {
      if (is_named_after(name, virtual_table)) tables_.unmanaged.emplace(name, virtual_table);
    }
  }

  Connection& connection_;
  VirtualTables& tables_;
};

}  // namespace

std::string create_sql(const VirtualTable& table) {
  Writer writer(sqlite_syntax);
  writer.raw("CREATE VIRTUAL TABLE ").identifier(table.name).raw(" USING ");
  if (sql::tokenize(table.module, sqlite_syntax).size() == 1) {
    writer.raw(table.module);
  } else {
    writer.identifier(table.module);
  }
  if (table.arguments.empty()) return writer.take();
  writer.raw("(").list(table.arguments, [&](const std::string& argument) { writer.raw(argument); });
  return writer.raw(")").take();
}

bool is_virtual_table(std::string_view definition) { return definition.starts_with("CREATE VIRTUAL TABLE "); }

VirtualTable read_virtual_table(std::string_view definition) {
  Cursor cursor(definition);
  VirtualTable table;
  cursor.expect("CREATE");
  cursor.expect("VIRTUAL");
  cursor.expect("TABLE");
  table.name = cursor.name("the name of the table");
  cursor.set_subject("virtual table " + sql::quote_identifier(table.name, sqlite_syntax));
  cursor.expect("USING");
  table.module = cursor.name("the name of a module");
  table.arguments = read_module_arguments(cursor);
  cursor.expect_end();
  return table;
}

std::optional<std::string> content_of(const VirtualTable& table) {
  if (!is_one_of(table.module, {"fts4", "fts5"})) return std::nullopt;
  return find_option(table, "content");
}

std::string content_rowid(const VirtualTable& table) { return find_option(table, "content_rowid").value_or("rowid"); }

VirtualTables read_virtual_tables(Connection& connection, const Rows::Data& rows) {
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
  OwnTables(connection, result).find();
  return result;
}

VirtualTable read_virtual_table(const Object& object) { return read_virtual_table(first_statement(object.definition)); }

bool names_columns(const VirtualTable& table) {
  return std::any_of(table.arguments.begin(), table.arguments.end(),
                     [](const std::string& argument) { return !read_option(argument); });
}

Object with_content(const Object& object, const std::string& table) {
  VirtualTable made = read_virtual_table(object);
  for (std::string& argument : made.arguments) {
    const auto option = read_option(argument);
    if (!option || option->key != "content") continue;
    argument = "content=" + quoted_like(option->value, table);
  }
  return with_statement(object, made);
}

Object with_named_columns(const Object& object) {
  VirtualTable made = read_virtual_table(object);
  if (names_columns(made)) return object;
  const std::string language = find_option(made, "languageid").value_or("");
  for (const std::string& column : object.columns.value) {
    if (!sql::equal_ignoring_case(column, language))
      made.arguments.push_back(sql::quote_identifier(column, sqlite_syntax));
  }
  return with_statement(object, made);
}

Object filled(const Object& object) {
  Object result = object;
  result.filling.value = filling_of(read_virtual_table(object));
  return result;
}

Object bare_copy(const Object& object, const std::string& name) {
  VirtualTable table = read_virtual_table(object);
  table.name = name;
  Object copy = object;
  copy.name = name;
  copy.definition = create_sql(table);
  copy.removal = drop_sql(table);
  return copy;
}

std::vector<std::string> create_statements(const Object& object) {
  std::vector<std::string> statements = statements_of(object.definition);
  if (!object.filling.value.empty()) statements.push_back(object.filling.value);
  return statements;
}

std::vector<std::string> alter_statements(const Object& before, const Object& after) {
  std::vector<std::string> statements = create_statements(after);
  if (before.name == after.name) {
    statements.insert(statements.begin(), before.removal);
    return statements;
  }
  Writer writer(sqlite_syntax);
  writer.raw("ALTER TABLE ").identifier(before.name.name).raw(" RENAME TO ").identifier(after.name.name);
  statements.front() = writer.take();
  return statements;
}

// The module reads the table only when it reads a row.
std::optional<std::string> content_error(Connection& connection, std::string_view definition) {
  const VirtualTable table = read_virtual_table(definition);
  if (content_of(table).value_or("").empty()) return std::nullopt;
  try {
    connection.run("SELECT * FROM " + sql::quote_identifier(table.name, sqlite_syntax) + " LIMIT 1");
    return std::nullopt;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::busy || error.kind() == ErrorKind::interrupted) throw;
    return reason(error, connection);
  }
}

}  // namespace whimbrel::dialect::sqlite

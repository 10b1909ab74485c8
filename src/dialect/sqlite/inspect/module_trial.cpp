#include "dialect/sqlite/inspect/module_trial.h"

#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

using sql::Writer;

Names names_of(Connection& connection, const std::string& condition) {
  Names names;
  for (const auto& row : connection.run("SELECT name FROM sqlite_master WHERE " + condition).values) {
    names.insert(row.at(0).text());
  }
  return names;
}

void make_table(Connection& scratch, const std::string& name, const std::vector<std::string>& columns) {
  Writer writer(sqlite_syntax);
  writer.raw("CREATE TABLE IF NOT EXISTS ").identifier(name).raw("(");
  scratch.run(writer.identifiers(columns).raw(")").take());
}

/// Returns whether SQLite did it.
template <class Action>
bool is_done(Action action) {
  try {
    action();
    return true;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::busy || error.kind() == ErrorKind::interrupted) throw;
    return false;
  }
}

}  // namespace

std::optional<Names> make_in_empty(Connection& scratch, const VirtualTable& table,
                                   const std::vector<std::string>& columns) {
  const std::string content = content_of(table).value_or("");
  const bool is_made = is_done([&] {
    if (!content.empty() && !columns.empty()) make_table(scratch, content, columns);
    scratch.run(create_sql(table));
  });
  if (!is_made) return std::nullopt;
  Names made = names_of(scratch, "1");
  made.erase(table.name);
  made.erase(content);
  return made;
}

void make_later_tables(Connection& scratch, const VirtualTable& table) {
  if (!sql::equal_ignoring_case(table.module, "fts3") && !sql::equal_ignoring_case(table.module, "fts4")) return;
  Writer writer(sqlite_syntax);
  writer.raw("INSERT INTO ").identifier(table.name).raw("(").identifier(table.name);
  static_cast<void>(is_done([&] { scratch.run(writer.raw(") VALUES ('automerge=2')").take()); }));
}

Names table_names(Connection& connection) { return names_of(connection, "type = 'table'"); }

Names taken_along(Connection& scratch, const VirtualTable& table, const std::vector<std::string>& columns,
                  const Names& beside) {
  Names gone = beside;
  const std::optional<Names> made = make_in_empty(scratch, table, columns);
  if (!made) return {};
  for (const std::string& name : *made) gone.erase(name);
  for (const std::string& name : gone) make_table(scratch, name, {"value"});
  scratch.run(Writer(sqlite_syntax).raw("DROP TABLE ").identifier(table.name).take());
  for (const std::string& name : table_names(scratch)) gone.erase(name);
  return gone;
}

bool is_named_after(const std::string& table, const std::string& virtual_table) {
  const std::string beginning = virtual_table + '_';
  return table.size() > beginning.size() && sql::equal_ignoring_case(table.substr(0, beginning.size()), beginning);
}

}  // namespace whimbrel::dialect::sqlite

#include "dialect/sqlite/inspect/constraint_reader.h"

#include "dialect/sqlite/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// SQLite accepts any name here, and ignores it.
std::string read_match(Cursor& cursor) {
  const std::string match = cursor.name("FULL, PARTIAL or SIMPLE");
  for (const std::string_view known : {"FULL", "PARTIAL", "SIMPLE"}) {
    if (sql::equal_ignoring_case(match, known)) return std::string(known);
  }
  return sql::quote_identifier(match, sqlite_syntax);
}

model::ReferentialAction read_referential_action(Cursor& cursor) {
  if (cursor.accept("CASCADE")) return model::ReferentialAction::cascade;
  if (cursor.accept("RESTRICT")) return model::ReferentialAction::restrict;
  if (cursor.accept("NO")) {
    cursor.expect("ACTION");
    return model::ReferentialAction::no_action;
  }
  cursor.expect("SET");
  if (cursor.accept("NULL")) return model::ReferentialAction::set_null;
  cursor.expect("DEFAULT");
  return model::ReferentialAction::set_default;
}

void read_action(Cursor& cursor, model::ForeignKey& key) {
  if (cursor.accept("DELETE")) {
    key.on_delete = read_referential_action(cursor);
  } else if (cursor.accept("UPDATE")) {
    key.on_update = read_referential_action(cursor);
  } else {
    // SQLite parses this one, too, and ignores it.
    cursor.expect("INSERT");
    static_cast<void>(read_referential_action(cursor));
  }
}

}  // namespace

std::string read_on_conflict(Cursor& cursor) {
  if (!cursor.accept("ON")) return {};
  cursor.expect("CONFLICT");
  for (const std::string_view action : {"REPLACE", "IGNORE", "FAIL", "ABORT", "ROLLBACK"}) {
    if (cursor.accept(action)) return std::string(action);
  }
  cursor.fail("REPLACE, IGNORE, FAIL, ABORT or ROLLBACK");
}

std::vector<std::string> read_column_names(Cursor& cursor) {
  std::vector<std::string> names;
  cursor.expect("(");
  do {
    names.push_back(cursor.name("the name of a column"));
    // Old versions of SQLite allowed a collation and an order here, without effect.
    if (cursor.accept("COLLATE")) static_cast<void>(cursor.name("the name of a collation"));
    if (!cursor.accept("ASC")) cursor.accept("DESC");
  } while (cursor.accept(","));
  cursor.expect(")");
  return names;
}

void read_references(Cursor& cursor, model::ForeignKey& key) {
  key.referenced_table = cursor.name("the name of a table");
  if (cursor.is_at("(")) key.referenced_columns = read_column_names(cursor);
  while (true) {
    if (cursor.accept("MATCH")) {
      key.match = read_match(cursor);
    } else if (cursor.accept("ON")) {
      read_action(cursor, key);
    } else {
      return;
    }
  }
}

model::Deferral read_deferral(Cursor& cursor) {
  if (!cursor.accept("INITIALLY")) return model::Deferral::initially_immediate;
  if (cursor.accept("DEFERRED")) return model::Deferral::initially_deferred;
  cursor.expect("IMMEDIATE");
  return model::Deferral::initially_immediate;
}

std::optional<std::vector<std::string>> read_enum_values(Tokens tokens, std::string_view column) {
  if (tokens.size() < 5 || !is_name(tokens[0]) || !tokens[1].is("IN") || !are_enclosed(tokens.subspan(2))) return {};
  if (tokens[0].kind == sql::TokenKind::string || !sql::equal_ignoring_case(tokens[0].value(), column)) return {};
  const Tokens list = tokens.subspan(3, tokens.size() - 4);
  std::vector<std::string> values;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool is_literal = list[i].kind == sql::TokenKind::string && list[i].text.front() == '\'';
    if (i % 2 == 0 ? !is_literal : !list[i].is(",")) return {};
    if (i % 2 == 0) values.push_back(list[i].value());
  }
  if (list.size() % 2 == 0) return {};
  return values;
}

}  // namespace whimbrel::dialect::sqlite

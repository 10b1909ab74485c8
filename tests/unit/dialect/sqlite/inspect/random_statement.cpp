#include "unit/dialect/sqlite/inspect/random_statement.h"

#include <algorithm>

#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::test {

namespace {

const std::vector<std::string> names = {
    "a",   "Id",    "b2",        "two words", "it's", "say \"x\"", "tick`s", "select", "Größe", "primary", "desc",
    "key", "check", "generated", "always",    "(",    "a,b",       "--",     "",       "e",     "$$",      "a[1]"};

}  // namespace

std::string RandomStatement::create_table() {
  text_.clear();
  has_key_ = false;
  columns_ = names;
  std::shuffle(columns_.begin(), columns_.end(), engine_);
  columns_.resize(1 + below(5));
  write({"CREATE", "TABLE"});
  identifier("t");
  parenthesised([&] {
    std::size_t i = 0;
    list(columns_.size(), [&] { column(columns_[i++]); });
    for (std::size_t count = chance(60) ? below(4) : 0, j = 0; j < count; ++j) {
      if (j == 0 || chance(70)) text_ += ',';
      table_constraint();
    }
  });
  options();
  return text_;
}

std::string RandomStatement::create_index() {
  text_.clear();
  write({"CREATE"});
  if (chance(40)) write({"UNIQUE"});
  write({"INDEX"});
  identifier("i " + std::to_string(index_count_++));
  write({"ON"});
  identifier("t");
  parenthesised([&] {
    list(1 + below(3), [&] {
      if (chance(60)) return key_part(std::string(any_column()));
      expression(2);
      if (chance(30)) word(pick({"ASC", "DESC"}));
    });
  });
  if (chance(30)) {
    write({"WHERE"});
    expression(2);
  }
  return text_;
}

std::string RandomStatement::mutated(std::string_view sql) {
  static constexpr std::string_view bytes = "()'\"`[],.;-+*/ \n0aExX_$:?@#\x80\xff";
  std::string text(sql);
  for (std::size_t count = 1 + below(3), i = 0; i < count && !text.empty(); ++i) {
    const std::vector<sql::Token> tokens = sql::tokenize(text, dialect::sqlite::sqlite_syntax);
    const std::size_t at = below(text.size());
    if (tokens.empty() || chance(30)) {
      if (chance(50))
        text.erase(at, 1 + below(3));
      else
        text.insert(at, 1, bytes[below(bytes.size())]);
      continue;
    }
    const sql::Token& token = tokens[below(tokens.size())];
    const std::string other(tokens[below(tokens.size())].text);
    const std::size_t offset = token.offset;
    const std::size_t size = token.text.size();
    switch (below(4)) {
      case 0:
        text.erase(offset, size);
        break;
      case 1:
        text.replace(offset, size, other);
        break;
      case 2:
        text.insert(offset, other + ' ');
        break;
      default:
        text.resize(std::max<std::size_t>(1, offset));
        break;
    }
  }
  return text;
}

void RandomStatement::column(const std::string& name) {
  if (chance(5)) {
    string(name);
  } else {
    identifier(name);
  }
  if (chance(85)) type();
  for (std::size_t count = below(4), i = 0; i < count; ++i) column_constraint(name);
  if (chance(3)) constraint_name();
}

void RandomStatement::type() {
  space();
  text_ += pick({"int",
                 "INTEGER",
                 "integer",
                 "varchar(10)",
                 "varchar ( 10 )",
                 "decimal(10,2)",
                 "decimal( -1 , +2.5 )",
                 "unsigned big int",
                 "double  precision",
                 "\"foo bar\"",
                 "'text'",
                 "[x-y]",
                 "TEXT",
                 "real",
                 "any",
                 "blob",
                 "[int](5)",
                 "\"INTEGER\"(5)",
                 "generated",
                 "long /* INT */ name",
                 "desc",
                 "key(1)",
                 "`integer`",
                 "time with zone",
                 "e''",
                 "E'int'",
                 "[]",
                 "\"\"",
                 "a[int]",
                 "double\"precision\"[x]`y`",
                 "decimal(+1,-2e3)"});
}

void RandomStatement::column_constraint(const std::string& name) {
  if (chance(15)) constraint_name();
  switch (below(12)) {
    case 0:
    case 1:
      write({"NOT", "NULL"});
      return on_conflict();
    case 2:
      if (has_key_) return;
      has_key_ = true;
      write({"PRIMARY", "KEY"});
      if (chance(30)) word(pick({"ASC", "DESC"}));
      on_conflict();
      if (chance(20)) write({"AUTOINCREMENT"});
      return;
    case 3:
      write({"UNIQUE"});
      return on_conflict();
    case 4:
      write({"CHECK"});
      if (chance(50)) return parenthesised([&] { expression(3); });
      return parenthesised([&] {
        identifier(name);
        write({"IN"});
        parenthesised([&] { list(1 + below(3), [&] { string(pick({"a", "it's", ""})); }); });
      });
    case 5:
      write({"REFERENCES"});
      references();
      return;
    case 6:
      write({"COLLATE"});
      return word(pick({"NOCASE", "BINARY", "\"rtrim\"", "'nocase'", "[Rtrim]"}));
    case 7:
      // Next to a comment SQLite takes GENERATED, or the comment, for a part of the type.
      if (chance(50)) text_ += chance(50) ? " GENERATED ALWAYS" : " generated  always";
      write({"AS"});
      parenthesised([&] { expression(2); });
      if (chance(50)) word(pick({"STORED", "VIRTUAL"}));
      return;
    case 8:
      write({"NULL"});
      return on_conflict();
    case 9:
      return deferral();
    default:
      write({"DEFAULT"});
      return default_value();
  }
}

void RandomStatement::default_value() {
  if (chance(30)) {
    return parenthesised([&] {
      space();
      text_ += pick(
          {"1", "datetime('now')", "1 + (2)", "(1)", "'a' || 'b'", "-(1)", "x'00'", "\"double\"", "/* c */ 5 -- x\n"});
    });
  }
  space();
  text_ += pick(
      {"1",     "-1",   "+ 1",           "- /* c */ 1.5e3", "'it''s'",           "x'00'",        "0x1F", "null", "TRUE",
       "false", "word", "\"in quotes\"", "[in brackets]",   "current_timestamp", "CURRENT_DATE", "''",   "-'x'", ".5",
       "key",   "desc"});
}

void RandomStatement::references() {
  identifier(pick({"t", "other table", "References"}));
  if (chance(60)) parenthesised([&] { identifier(any_column()); });
  for (std::size_t count = below(3), i = 0; i < count; ++i) {
    if (chance(15)) {
      write({"MATCH", pick({"FULL", "SIMPLE", "\"x\"", "name"})});
      continue;
    }
    write({"ON", pick({"DELETE", "UPDATE", "DELETE", "UPDATE", "INSERT"})});
    switch (below(5)) {
      case 0:
        write({"SET", "NULL"});
        break;
      case 1:
        write({"SET", "DEFAULT"});
        break;
      case 2:
        write({"NO", "ACTION"});
        break;
      default:
        word(pick({"CASCADE", "RESTRICT"}));
        break;
    }
  }
  if (chance(30)) deferral();
}

void RandomStatement::deferral() {
  if (chance(40)) write({"NOT"});
  write({"DEFERRABLE"});
  if (chance(60)) write({"INITIALLY", pick({"DEFERRED", "IMMEDIATE"})});
}

void RandomStatement::on_conflict() {
  if (chance(20)) write({"ON", "CONFLICT", pick({"REPLACE", "IGNORE", "FAIL", "ABORT", "ROLLBACK"})});
}

void RandomStatement::constraint_name() {
  write({"CONSTRAINT"});
  identifier(pick({"c 1", "c2", "unique", "key"}));
}

void RandomStatement::table_constraint() {
  if (chance(40)) constraint_name();
  switch (below(4)) {
    case 0:
      if (!has_key_) {
        has_key_ = true;
        write({"PRIMARY", "KEY"});
        parenthesised([&] {
          key_columns();
          if (chance(10)) write({"AUTOINCREMENT"});
        });
        return on_conflict();
      }
      [[fallthrough]];
    case 1:
      write({"UNIQUE"});
      parenthesised([&] { key_columns(); });
      return on_conflict();
    case 2:
      write({"CHECK"});
      parenthesised([&] { expression(3); });
      return on_conflict();
    default:
      write({"FOREIGN", "KEY"});
      parenthesised([&] { identifier(any_column()); });
      write({"REFERENCES"});
      return references();
  }
}

void RandomStatement::key_columns() {
  std::vector<std::string> columns = columns_;
  std::shuffle(columns.begin(), columns.end(), engine_);
  std::size_t i = 0;
  list(1 + below(columns.size()), [&] { key_part(columns[i++]); });
}

void RandomStatement::key_part(const std::string& name) {
  const bool in_parentheses = chance(10);
  if (in_parentheses) text_ += " (";
  if (chance(10)) {
    string(name);
  } else {
    identifier(name);
  }
  if (chance(25)) write({"COLLATE", pick({"NOCASE", "rtrim", "\"binary\""})});
  if (in_parentheses) text_ += ')';
  if (chance(30)) word(pick({"ASC", "DESC"}));
}

void RandomStatement::expression(int depth) {
  if (depth == 0 || chance(20)) {
    if (chance(60)) return identifier(any_column());
    space();
    text_ += pick({"1", "'a)'", "x'00'", "NULL", "-1.5", "'its'"});
    return;
  }
  switch (below(6)) {
    case 0:
      return parenthesised([&] { expression(depth - 1); });
    case 1:
      write({pick({"LOWER", "abs", "\"length\""})});
      return parenthesised([&] { expression(depth - 1); });
    case 2:
      expression(depth - 1);
      write({"IN"});
      return parenthesised([&] { list(1 + below(3), [&] { expression(0); }); });
    case 3:
      write({"CASE", "WHEN"});
      expression(depth - 1);
      write({"THEN"});
      expression(depth - 1);
      return write({"END"});
    case 4:
      parenthesised([&] { expression(depth - 1); });
      return write({"COLLATE", "NOCASE"});
    default:
      expression(depth - 1);
      word(pick({"+", "||", "AND", "IS NOT", "=", "<>", ">", "LIKE"}));
      return expression(depth - 1);
  }
}

void RandomStatement::options() {
  if (has_key_ && chance(20)) {
    if (chance(20)) text_ += " ,";
    write({"WITHOUT", "ROWID"});
    if (chance(30)) text_ += ", STRICT";
  } else if (chance(10)) {
    if (chance(20)) text_ += ",";
    write({"STRICT"});
  }
}

}  // namespace whimbrel::test

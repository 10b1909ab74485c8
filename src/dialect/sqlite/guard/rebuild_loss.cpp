#include "dialect/sqlite/guard/rebuild_loss.h"

#include <algorithm>
#include <set>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/guard/rebuild_watch.h"
#include "dialect/sqlite/inspect/reader.h"
#include "dialect/sqlite/text/statement_text.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using Words = std::set<std::string>;

Words identifiers(std::string_view statement) {
  Words words;
  for (const sql::Token& token : sql::tokenize(statement)) {
    const bool is_identifier = token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier;
    if (is_identifier) words.insert(sql::to_lower(token.value()));
  }
  return words;
}

std::string normal(std::string_view expression) { return dialect().lasting_sql(sql::to_lower(expression)); }

std::vector<std::string> normal(const std::vector<model::KeyPart>& parts) {
  std::vector<std::string> result;
  result.reserve(parts.size());
  for (const model::KeyPart& part : parts) {
    result.push_back(normal(part.column) + ' ' + normal(part.expression) + ' ' + sql::to_lower(part.collation));
  }
  return result;
}

std::vector<std::string> normal(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  result.reserve(names.size());
  for (const std::string& name : names) result.push_back(sql::to_lower(name));
  return result;
}

/// A constraint as what it says.
struct Constraint {
  std::string kind;
  std::string name;  ///< Empty: none.
  std::string words;
  std::vector<std::string> meaning;
  std::vector<std::string> columns{};  ///< With each of which it goes.

  [[nodiscard]] bool is_same(const Constraint& other) const { return kind == other.kind && meaning == other.meaning; }
};

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<Constraint> constraints(const model::Table& table) {
  std::vector<Constraint> result;
  if (table.primary_key) {
    const auto& parts = table.primary_key->columns;
    result.push_back({"primary key", table.primary_key->name.text, listed(model::column_names(parts)), normal(parts),
                      model::column_names(parts)});
  }
  for (const model::Unique& unique : table.uniques) {
    const std::vector<std::string> columns = model::column_names(unique.columns);
    result.push_back({"unique", unique.name.text, listed(columns), normal(unique.columns), columns});
  }
  for (const model::Check& check : table.checks) {
    result.push_back({"check", check.name.text, check.expression, {normal(check.expression)}});
  }
  for (const model::Column& column : table.columns) {
    if (!column.enum_values.empty()) {
      result.push_back({"check", {}, column.name + " IN (...)", {sql::to_lower(column.name)}, {column.name}});
    }
  }
  for (const model::ForeignKey& key : table.foreign_keys) {
    std::vector<std::string> meaning = normal(key.columns);
    meaning.push_back(sql::to_lower(key.referenced_table.name));
    result.push_back({"foreign key", key.name.text, listed(key.columns), std::move(meaning), key.columns});
  }
  return result;
}

/// The constraints of every table that the statements make under one of the two names.
std::vector<Constraint> made_constraints(const std::vector<std::string>& statements, const std::string& table,
                                         const std::string& copy) {
  std::vector<Constraint> result;
  for (const std::string& statement : statements) {
    const Command command = read_command(statement);
    const bool is_one =
        command.kind == Command::Kind::create_table &&
        (sql::equal_ignoring_case(command.table, table) || sql::equal_ignoring_case(command.table, copy));
    if (!is_one) continue;
    try {
      for (Constraint& constraint : constraints(read_create_table(statement))) result.push_back(std::move(constraint));
    } catch (const Error&) {  // CREATE TABLE ... AS SELECT has no constraints.
    }
  }
  return result;
}

/// A text of several statements as that many.
WrittenStatements split(const WrittenStatements& written) {
  WrittenStatements result{{}, written.complete};
  for (const std::string& text : written.statements) {
    for (std::string_view rest = skip_blank(text); !rest.empty(); rest = skip_blank(rest)) {
      const std::string_view statement = first_statement(rest);
      if (statement.empty()) break;
      result.statements.emplace_back(statement);
      rest.remove_prefix(statement.size());
    }
  }
  return result;
}

bool is_in(const std::vector<Constraint>& list, const Constraint& one) {
  return std::any_of(list.begin(), list.end(), [&](const Constraint& other) { return other.is_same(one); });
}

const model::Table* find(const model::Schema& schema, const std::string& name) {
  const auto found = std::find_if(schema.tables.begin(), schema.tables.end(), [&](const model::Table& table) {
    return sql::equal_ignoring_case(table.name.name, name);
  });
  return found == schema.tables.end() ? nullptr : &*found;
}

bool has_column(const model::Table& table, const std::string& name) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const model::Column& column) { return sql::equal_ignoring_case(column.name, name); });
}

Error loss(const std::string& table, const std::vector<std::string>& losses) {
  std::string words;
  for (const std::string& one : losses) words += "\n  " + one;
  return Error(ErrorKind::unsafe,
               "The table \"" + table + "\" would be rebuilt without what the migration does not name:" + words)
      .with_remedy(
          "Copy it too, or make it again after the rename. If it is to go, let the migration say so before the "
          "rebuild: query_runner.drop_column(), drop_index(), drop_check()..., or in SQL.");
}

}  // namespace

void RebuildLoss::before_drop(const std::string& table, std::string copy, const std::vector<std::string>& made) {
  if (!written_.statements || made.empty() || is_checked(table)) return;
  if (!known_) known_ = split(written_.statements());
  if (copy.empty()) copy = copy_by_rename(table, made);
  const model::Schema schema = inspect(connection_, {table, copy});
  const model::Table* const dropped = find(schema, table);
  if (dropped == nullptr) return;
  const model::Table* const kept = find(schema, copy);
  if (kept == nullptr) {
    gone_.insert_or_assign(sql::to_lower(table), *dropped);
    return;
  }
  require_whole(*dropped, *kept);
}

bool RebuildLoss::is_checked(const std::string& table) const {
  const std::string_view base = without_temporary(table);
  return std::any_of(written_.checked.begin(), written_.checked.end(),
                     [&](const std::string& one) { return sql::equal_ignoring_case(without_temporary(one), base); });
}

void RebuildLoss::after_rename(const std::string& table) {
  const auto gone = gone_.find(sql::to_lower(table));
  if (gone == gone_.end()) return;
  const model::Schema schema = inspect(connection_, {table});
  if (const model::Table* const kept = find(schema, table)) require_whole(gone->second, *kept);
  gone_.erase(gone);
}

void RebuildLoss::require_whole(const model::Table& dropped, const model::Table& copy) {
  const std::vector<std::string> losses = find_losses(dropped, copy);
  if (!losses.empty()) throw loss(dropped.name.name, losses);
}

std::string RebuildLoss::copy_by_rename(const std::string& table, const std::vector<std::string>& made) const {
  for (const std::string& statement : known_->statements) {
    const Command command = read_command(statement);
    if (command.kind != Command::Kind::rename_table || !sql::equal_ignoring_case(command.new_name, table)) continue;
    for (const std::string& one : made) {
      if (sql::equal_ignoring_case(one, command.table)) return one;
    }
  }
  return {};
}

std::vector<std::string> RebuildLoss::find_losses(const model::Table& dropped, const model::Table& copy) {
  const std::string table = sql::to_lower(dropped.name.name);
  const std::string other = sql::to_lower(copy.name.name);
  Words anywhere, with_table;
  for (const std::string& statement : known_->statements) {
    const Words words = identifiers(statement);
    anywhere.insert(words.begin(), words.end());
    if (words.contains(table) || words.contains(other)) with_table.insert(words.begin(), words.end());
  }
  std::vector<std::string> losses;
  for (const model::Column& column : dropped.columns) {
    if (!has_column(copy, column.name) && !with_table.contains(sql::to_lower(column.name)))
      losses.push_back("column \"" + column.name + '"');
  }
  const std::vector<Constraint> kept = constraints(copy);
  const std::vector<Constraint> made = made_constraints(known_->statements, table, other);
  for (const Constraint& constraint : constraints(dropped)) {
    const bool goes = std::any_of(constraint.columns.begin(), constraint.columns.end(),
                                  [&](const std::string& column) { return !has_column(copy, column); });
    if (goes) continue;
    const bool is_named = !constraint.name.empty() && with_table.contains(sql::to_lower(constraint.name));
    if (is_named || is_in(kept, constraint) || is_in(made, constraint)) continue;
    losses.push_back(constraint.kind + " \"" + (constraint.name.empty() ? constraint.words : constraint.name) + '"');
  }
  add_dependents(dropped, {anywhere.begin(), anywhere.end()}, losses);
  return losses;
}

void RebuildLoss::add_dependents(const model::Table& dropped, const std::vector<std::string>& known_words,
                                 std::vector<std::string>& losses) {
  const auto add = [&](const std::string& kind, const std::string& name) {
    if (std::binary_search(known_words.begin(), known_words.end(), sql::to_lower(name))) return;
    if (known_->complete) {
      losses.push_back(kind + " \"" + name + '"');
    } else {
      later_.push_back({kind, name, dropped.name.name});
    }
  };
  for (const model::Index& index : dropped.indexes) add("index", index.name.text);
  for (const model::Trigger& trigger : dropped.triggers) add("trigger", trigger.name);
}

void RebuildLoss::before_commit() {
  const std::vector<Later> later = std::exchange(later_, {});
  for (const Later& one : later) {
    const Rows::Data rows = connection_.run("SELECT 1 FROM sqlite_master WHERE type = ? AND name = ? COLLATE NOCASE",
                                            {Value(one.kind), Value(one.name)});
    if (rows.values.empty()) throw loss(one.table, {one.kind + " \"" + one.name + '"'});
  }
}

}  // namespace whimbrel::dialect::sqlite

#include "dialect/sqlite/guard/rebuild_loss.h"

#include <algorithm>
#include <utility>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/guard/known_column.h"
#include "dialect/sqlite/guard/rebuild_checker.h"
#include "dialect/sqlite/guard/table_part.h"
#include "dialect/sqlite/text/names.h"
#include "dialect/sqlite/text/statement_text.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

/// Splits texts that contain several statements.
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

const model::Table* find(const model::Schema& schema, const std::string& name) {
  const auto found = std::find_if(schema.tables.begin(), schema.tables.end(), [&](const model::Table& table) {
    return sql::equal_ignoring_case(table.name.name, name);
  });
  return found == schema.tables.end() ? nullptr : &*found;
}

bool has_auto_increment(const model::Table& table) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [](const model::Column& column) { return column.auto_increment; });
}

Error loss(const std::string& table, const std::vector<std::string>& losses) {
  std::string words;
  for (const std::string& one : losses) words += "\n  " + one;
  return Error(ErrorKind::unsafe,
               "Rebuilding table \"" + table + "\" would lose parts that the migration does not know:" + words)
      .with_remedy(
          "Copy them too, or recreate them after the rename. To drop them, make the migration do so explicitly: before "
          "the rebuild, with query_runner.drop_column(), drop_index(), drop_check()... or in SQL; or recreate them in "
          "its other direction.");
}

}  // namespace

void RebuildLoss::watch(WrittenMigration written) {
  written_ = std::move(written);
  known_.reset();
  gone_.clear();
}

// A table that is refilled may lose rows later; one that is not refilled yet is checked again at the end.
void RebuildLoss::before(const Command& command) {
  if (command.kind == Command::Kind::create_table && written_.statements) was_there_ = is_there(command.table);
  if (refilled_.empty() || command.only_adds_rows || command.reach == Command::Reach::reads) return;
  std::erase_if(refilled_,
                [&](const auto& table) { return !is_there(table.first) || count_rows(table.first) >= table.second; });
}

const WrittenStatements& RebuildLoss::known() {
  if (!known_) known_ = split(written_.statements());
  return *known_;
}

std::string RebuildLoss::before_drop(const std::string& table, std::string copy, const std::vector<std::string>& made) {
  refilled_.erase(table);
  if (!written_.statements || fresh_.erase(table) > 0 || is_checked(table)) return copy;
  if (copy.empty()) copy = find_copy(table, made);
  const model::Schema schema = inspect(connection_, {table, copy});
  const model::Table* const dropped = find(schema, table);
  if (dropped == nullptr) return copy;
  gone_.insert_or_assign(table, describe(*dropped));
  if (const model::Table* const kept = find(schema, copy)) {
    require_whole(*dropped, *kept);
    fresh_.erase(copy);
  }
  return copy;
}

bool RebuildLoss::is_checked(const std::string& table) const {
  const std::string_view base = without_temporary(table);
  return std::any_of(written_.checked.begin(), written_.checked.end(),
                     [&](const std::string& one) { return sql::equal_ignoring_case(without_temporary(one), base); });
}

void RebuildLoss::after_create(const std::string& table) {
  if (!written_.statements || was_there_ || !is_there(table)) return;
  if (const std::optional<Gone> gone = take_name(table)) {
    refilled_[table] = gone->rows;
  } else {
    fresh_.insert(table);
  }
}

// A table that already existed is not a copy, and does not replace a dropped one.
void RebuildLoss::after_rename(const std::string& from, const std::string& to) {
  if (auto node = refilled_.extract(from); !node.empty()) refilled_[to] = node.mapped();
  if (!written_.statements) return;
  renamed_[to] = from;
  if (fresh_.erase(from) == 0) {
    gone_.erase(to);
  } else if (const std::optional<Gone> gone = take_name(to)) {
    require_rows(to, gone->rows);
  } else {
    fresh_.insert(to);
  }
}

std::optional<RebuildLoss::Gone> RebuildLoss::take_name(const std::string& table) {
  const auto node = gone_.extract(table);
  if (node.empty()) return std::nullopt;
  const model::Schema schema = inspect(connection_, {table});
  if (const model::Table* const kept = find(schema, table)) {
    require_whole(node.mapped().table, *kept);
    keep_last_key(node.mapped(), *kept);
  }
  return node.mapped();
}

std::string RebuildLoss::find_copy(const std::string& table, const std::vector<std::string>& made) {
  if (const auto renamed = renamed_.find(table); renamed != renamed_.end() && fresh_.contains(renamed->second)) {
    return renamed->second;
  }
  if (made.empty()) return {};
  for (const std::string& statement : known().statements) {
    const Command command = read_command(statement);
    if (command.kind != Command::Kind::rename_table || !sql::equal_ignoring_case(command.new_name, table)) continue;
    for (const std::string& one : made) {
      if (sql::equal_ignoring_case(one, command.table)) return one;
    }
  }
  return {};
}

bool RebuildLoss::is_there(const std::string& table) const {
  return !connection_
              .run("SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE", {Value(table)})
              .values.empty();
}

RebuildLoss::Gone RebuildLoss::describe(const model::Table& table) const {
  Gone gone{table, count_rows(table.name.name)};
  if (!has_auto_increment(table)) return gone;
  const Rows::Data marks = connection_.run("SELECT seq FROM sqlite_sequence WHERE name = ?", {Value(table.name.name)});
  if (!marks.values.empty()) gone.last_key = marks.values[0].at(0).integer();
  return gone;
}

std::int64_t RebuildLoss::count_rows(const std::string& table) const {
  const std::string sql =
      sql::Writer(sqlite_syntax).raw("SELECT count(*) FROM main.").identifier(table).raw(" NOT INDEXED").take();
  return connection_.run(sql).values.at(0).at(0).integer();
}

void RebuildLoss::require_rows(const std::string& table, std::int64_t rows) const {
  const std::int64_t now = is_there(table) ? count_rows(table) : rows;
  if (now >= rows) return;
  throw Error(ErrorKind::unsafe, "Table \"" + table + "\" was dropped with " + std::to_string(rows) +
                                     " rows, and the table that replaces it has " + std::to_string(now) + '.')
      .with_remedy("Make the migration copy every row. Delete unwanted rows before the table is dropped.");
}

// https://www.sqlite.org/autoinc.html
void RebuildLoss::keep_last_key(const Gone& gone, const model::Table& table) const {
  if (gone.last_key == 0 || !has_auto_increment(table)) return;
  const Value name(table.name.name);
  connection_.run(
      "INSERT INTO sqlite_sequence(name, seq) SELECT ?1, 0 WHERE NOT EXISTS "
      "(SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
      {name});
  connection_.run("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1", {name, Value(gone.last_key)});
}

void RebuildLoss::require_whole(const model::Table& dropped, const model::Table& copy) {
  const std::vector<std::string> losses = find_losses(dropped, copy);
  if (!losses.empty()) throw loss(dropped.name.name, losses);
}

std::vector<std::string> RebuildLoss::find_losses(const model::Table& dropped, const model::Table& copy) {
  const std::vector<std::string>& statements = known().statements;
  std::vector<std::string> losses;
  for (const model::Column& column : dropped.columns) {
    const bool is_kept = find_column(copy, column.name) != nullptr ||
                         know_column(connection_, statements, dropped, copy.name.name, column.name);
    if (!is_kept) losses.push_back("column \"" + column.name + '"');
  }
  const std::vector<TablePart> kept = parts_of(copy);
  const std::vector<TablePart> made = made_parts(statements, {dropped.name.name, copy.name.name});
  for (const TablePart& part : parts_of(dropped)) {
    const bool goes = std::any_of(part.columns.begin(), part.columns.end(),
                                  [&](const std::string& column) { return find_column(copy, column) == nullptr; });
    if (!goes && !has_part(kept, part) && !has_part(made, part)) losses.push_back(part.text());
  }
  add_dependents(dropped, losses);
  return losses;
}

void RebuildLoss::add_dependents(const model::Table& dropped, std::vector<std::string>& losses) {
  std::set<std::string, LessIgnoringCase> named;
  for (const std::string& statement : known().statements) named.insert(read_command(statement).dependent);
  const auto add = [&](const std::string& kind, const std::string& name) {
    if (named.contains(name)) return;
    if (known().complete) {
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
  for (const auto& [table, rows] : std::exchange(refilled_, {})) require_rows(table, rows);
  renamed_.clear();
  fresh_.clear();
}

}  // namespace whimbrel::dialect::sqlite

#include "history/journal.h"

#include <algorithm>
#include <array>

#include "sql/writer.h"

namespace whimbrel::history {

namespace {

enum Place : std::size_t { ordinal, migration, direction, checksum, hash, statement, state, result, is_done };

constexpr std::array column_names = {"ordinal",   "migration", "direction", "checksum", "hash",
                                     "statement", "state",     "result",    "is_done"};

/// The ordinal of an entry that stands for the migration itself.
constexpr std::int64_t head = 0;

model::Table make_journal(const dialect::Dialect& dialect, std::string name) {
  using model::ValueKind;
  const auto column = [&](Place place, ValueKind kind, bool nullable) {
    model::Column made;
    made.name = column_names[place];
    made.type = dialect.column_type({.kind = kind, .in_primary_key = place == ordinal});
    made.nullable = nullable;
    return made;
  };
  model::Table table;
  table.name = std::move(name);
  table.columns = {column(ordinal, ValueKind::int64, false),
                   column(migration, ValueKind::text, false),
                   column(direction, ValueKind::text, false),
                   column(checksum, ValueKind::text, true),
                   column(hash, ValueKind::text, true),
                   column(statement, ValueKind::bytes, true),  // The length of a text may be limited.
                   column(state, ValueKind::text, true),
                   column(result, ValueKind::bytes, true),
                   column(is_done, ValueKind::int32, false)};
  table.primary_key.emplace();
  table.primary_key->columns = {column_names[ordinal]};
  table.options = dialect.transactional_options();
  return table;
}

Value none_if_empty(const std::string& text) { return text.empty() ? Value() : Value(text); }

std::string text_of(const Value& value) {
  if (value.is_null()) return {};
  if (const Bytes* const bytes = std::get_if<Bytes>(&value.variant())) {
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  }
  return value.text();
}

JournalEntry read_entry(const std::vector<Value>& row) {
  return {.ordinal = row[ordinal].integer(),
          .hash = text_of(row[hash]),
          .text = text_of(row[statement]),
          .state = text_of(row[state]),
          .result = text_of(row[result]),
          .is_done = row[is_done].integer() != 0};
}

}  // namespace

bool needs_journal(const dialect::Dialect& dialect) { return !dialect.has_transactional_ddl(); }

Journal::Journal(const dialect::Dialect& dialect, const std::string& history_table)
    : dialect_(&dialect), table_(make_journal(dialect, history_table + "_journal")) {}

std::optional<PartialMigration> Journal::read(dialect::Connection& connection) const {
  if (!needs_journal(*dialect_)) return std::nullopt;
  sql::Writer select(dialect_->syntax());
  select.raw("SELECT ").list(column_names, [&](const char* name) { select.identifier(name); });
  select.raw(" FROM ").identifier(table_name());
  const std::optional<Rows::Data> rows = dialect_->query_if_there(connection, select.text());
  if (!rows || rows->values.empty()) return std::nullopt;
  const std::vector<Value>& first = rows->values.front();
  PartialMigration partial{.name = text_of(first[migration]),
                           .reverting = text_of(first[direction]) == "down",
                           .checksum = text_of(first[checksum]),
                           .entries = {},
                           .is_begun = true};
  for (const std::vector<Value>& row : rows->values) partial.entries.push_back(read_entry(row));
  std::erase_if(partial.entries, [](const JournalEntry& entry) { return entry.ordinal == head; });
  std::sort(partial.entries.begin(), partial.entries.end(),
            [](const JournalEntry& a, const JournalEntry& b) { return a.ordinal < b.ordinal; });
  return partial;
}

void Journal::prepare(dialect::Connection& connection) const {
  sql::Writer probe(dialect_->syntax());
  probe.raw("SELECT 1 FROM ").identifier(table_name()).raw(" LIMIT 1");
  if (dialect_->query_if_there(connection, probe.text())) return;
  for (const sql::Statement& made : dialect_->generate({operation::CreateTable{table_}})) connection.run(made.sql);
}

void Journal::add(dialect::Connection& connection, const PartialMigration& partial, const JournalEntry& entry) const {
  sql::Writer insert(dialect_->syntax());
  insert.raw("INSERT INTO ").identifier(table_name()).raw(" (");
  insert.list(column_names, [&](const char* name) { insert.identifier(name); }).raw(") VALUES (");
  std::size_t number = 0;
  insert.list(column_names, [&](const char*) { insert.placeholder(++number); }).raw(")");
  connection.run_often(insert.text(),
                       {entry.ordinal, partial.name, partial.reverting ? "down" : "up", none_if_empty(partial.checksum),
                        none_if_empty(entry.hash), none_if_empty(entry.text), none_if_empty(entry.state),
                        none_if_empty(entry.result), entry.is_done ? 1 : 0});
}

void Journal::begin(dialect::Connection& connection, const PartialMigration& partial) const {
  add(connection, partial, {.ordinal = head, .hash = {}, .text = {}, .state = {}, .result = {}, .is_done = true});
}

void Journal::write(dialect::Connection& connection, const PartialMigration& partial) const {
  clear(connection);
  begin(connection, partial);
  for (const JournalEntry& entry : partial.entries) add(connection, partial, entry);
}

void Journal::set(dialect::Connection& connection, const JournalEntry& entry,
                  const std::vector<std::pair<std::size_t, Value>>& columns) const {
  sql::Writer update(dialect_->syntax());
  std::vector<Value> values;
  update.raw("UPDATE ").identifier(table_name()).raw(" SET ").list(columns, [&](const auto& column) {
    values.push_back(column.second);
    update.identifier(column_names[column.first]).raw(" = ").placeholder(values.size());
  });
  values.emplace_back(entry.ordinal);
  update.raw(" WHERE ").identifier(column_names[ordinal]).raw(" = ").placeholder(values.size());
  connection.run_often(update.text(), values);
}

void Journal::set_done(dialect::Connection& connection, const JournalEntry& entry) const {
  if (entry.result.empty()) return set(connection, entry, {{is_done, 1}});
  set(connection, entry, {{result, entry.result}, {is_done, 1}});
}

void Journal::set_result(dialect::Connection& connection, const JournalEntry& entry) const {
  set(connection, entry, {{result, entry.result}});
}

void Journal::set_state(dialect::Connection& connection, const JournalEntry& entry) const {
  set(connection, entry, {{state, none_if_empty(entry.state)}});
}

void Journal::remove(dialect::Connection& connection, const JournalEntry& entry) const {
  sql::Writer remove(dialect_->syntax());
  remove.raw("DELETE FROM ").identifier(table_name()).raw(" WHERE ").identifier(column_names[ordinal]).raw(" = ");
  connection.run_often(remove.placeholder(1).text(), {entry.ordinal});
}

void Journal::clear(dialect::Connection& connection) const {
  connection.run("DELETE FROM " + dialect_->quote_identifier(table_name()));
}

std::vector<std::string> own_tables(const dialect::Dialect& dialect, const std::string& history_table) {
  if (!needs_journal(dialect)) return {history_table};
  return {history_table, Journal(dialect, history_table).table_name()};
}

}  // namespace whimbrel::history

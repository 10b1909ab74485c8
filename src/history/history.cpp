#include "history/history.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "sql/writer.h"

namespace whimbrel::history {

namespace {

model::Column column(const dialect::Dialect& dialect, const std::string& name, const model::ColumnRequest& request,
                     bool nullable) {
  model::Column column;
  column.name = name;
  column.type = dialect.column_type(request);
  column.nullable = nullable;
  column.auto_increment = request.auto_increment;
  return column;
}

model::Table make_table(const dialect::Dialect& dialect, std::string name) {
  using model::ValueKind;
  model::ColumnRequest id{.kind = ValueKind::int32};
  id.auto_increment = true;
  id.in_primary_key = true;
  model::ColumnRequest timestamp{.kind = ValueKind::int64};
  timestamp.type = "bigint";
  model::Table table;
  table.name = std::move(name);
  table.columns = {
      column(dialect, "id", id, false),
      column(dialect, "timestamp", timestamp, false),
      column(dialect, "name", {.kind = ValueKind::text}, false),
      column(dialect, "checksum", {.kind = ValueKind::text}, true),
      column(dialect, "applied_at", {.kind = ValueKind::timestamp}, true),
      column(dialect, "duration_ms", {.kind = ValueKind::int32}, true),
  };
  table.primary_key.emplace();
  table.primary_key->columns = {"id"};
  table.options = dialect.transactional_options();
  return table;
}

/// Maps the history's columns to positions in a result, because the table may belong to another program.
class Reader {
 public:
  Reader(const dialect::Dialect& dialect, const model::Table& table, const std::vector<std::string>& names)
      : table_(table) {
    for (const model::Column& column : table.columns) {
      const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
        return dialect.same_name(model::NameKind::column, name, column.name);
      });
      places_.push_back(found == names.end() ? none : static_cast<std::size_t>(found - names.begin()));
      if (found != names.end()) continue;
      if (!column.nullable) refuse(table, column);
      missing_.push_back(column.name);
    }
  }

  [[nodiscard]] const std::vector<std::string>& missing() const { return missing_; }

  [[nodiscard]] Record read(const std::vector<Value>& row) const {
    Record record;
    record.id = value(row, 0).is_null() ? 0 : integer(row, 0);
    record.timestamp = integer(row, 1);
    record.name = text(row, 2);
    if (!value(row, 3).is_null()) record.checksum = text(row, 3);
    // Without the fraction of a second, which some databases add.
    if (!value(row, 4).is_null()) record.applied_at = text(row, 4).substr(0, 19);
    if (!value(row, 5).is_null()) record.duration_ms = integer(row, 5);
    return record;
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  [[noreturn]] static void refuse(const model::Table& table, const model::Column& column) {
    throw Error(ErrorKind::migration, "The table \"" + table.name.name +
                                          "\" is not a migration history table: it has no column \"" + column.name +
                                          "\".")
        .with_remedy(
            "It seems to belong to another program. Name another table for the history with "
            "DataSourceOptions::migrations_table.");
  }

  [[nodiscard]] const Value& value(const std::vector<Value>& row, std::size_t column) const {
    static const Value null;
    return places_[column] == none ? null : row[places_[column]];
  }

  [[nodiscard]] std::int64_t integer(const std::vector<Value>& row, std::size_t column) const {
    try {
      return value(row, column).integer();
    } catch (const Error&) {
      refuse(row, column, "an integer");
    }
  }

  [[nodiscard]] std::string text(const std::vector<Value>& row, std::size_t column) const {
    try {
      return value(row, column).text();
    } catch (const Error&) {
      refuse(row, column, "text");
    }
  }

  /// Other programs write to the table, too, and SQLite stores any value in it.
  [[noreturn]] void refuse(const std::vector<Value>& row, std::size_t column, const std::string& expected) const {
    throw Error(ErrorKind::migration, "The migration history table \"" + table_.name.name + "\" has a row (id " +
                                          shown(value(row, 0)) + ", name " + shown(value(row, 2)) + ") whose \"" +
                                          table_.columns[column].name + "\" is not " + expected + '.')
        .with_remedy(
            "Correct the value with SQL: the timestamp is the number in the name of the migration, and NULL is allowed "
            "for checksum, applied_at and duration_ms. Delete the row only if the migration was not applied.");
  }

  static std::string shown(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value.variant())) return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&value.variant())) return '"' + *text + '"';
    return value.is_null() ? "NULL" : "unreadable";
  }

  const model::Table& table_;
  std::vector<std::size_t> places_;
  std::vector<std::string> missing_;
};

void sort(std::vector<Record>& records) {
  const auto is_earlier = [](const Record& a, const Record& b) { return a.id < b.id; };
  if (!std::is_sorted(records.begin(), records.end(), is_earlier)) {
    std::stable_sort(records.begin(), records.end(), is_earlier);
  }
}

/// Adds to an error what the cause may be if the table cannot be changed, for example because it is a view.
template <class Change>
void change_table(const std::string& table, Change change) {
  try {
    change();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement || !error.remedy().empty()) throw;
    throw Error(error).with_remedy(
        "The migration history \"" + table +
        "\" must be a table that the program may change. If it is a view, or belongs to another program, name another "
        "table with DataSourceOptions::migrations_table.");
  }
}

Value null_if_empty(const std::string& text) { return text.empty() ? Value() : Value(text); }

}  // namespace

History::History(const dialect::Dialect& dialect, std::string table_name)
    : dialect_(&dialect), table_(make_table(dialect, std::move(table_name))) {}

// Selects all columns: the result shows which of whimbrel's exist, without a catalog query.
State History::read(dialect::Connection& connection) const {
  sql::Writer select(dialect_->syntax());
  select.raw("SELECT * FROM ").raw(dialect_->quote_identifier(table_name()));
  const std::optional<Rows::Data> rows = dialect_->query_if_there(connection, select.text());
  if (!rows) return {};
  const Reader reader(*dialect_, table_, rows->columns);
  State state;
  state.table_exists = true;
  state.missing_columns = reader.missing();
  state.records.reserve(rows->values.size());
  for (const std::vector<Value>& row : rows->values) state.records.push_back(reader.read(row));
  sort(state.records);
  return state;
}

// Columns are qualified, because SQLite treats a quoted name that is not a column as a string.
std::vector<Record> History::read_names(dialect::Connection& connection) const {
  const std::string table = dialect_->quote_identifier(table_name());
  sql::Writer select(dialect_->syntax());
  select.raw("SELECT ");
  select.list(std::array{"id", "timestamp", "name"},
              [&](const char* column) { select.raw(table).raw(".").raw(dialect_->quote_identifier(column)); });
  select.raw(" FROM ").raw(table);
  std::optional<Rows::Data> rows;
  try {
    rows = dialect_->query_if_there(connection, select.text());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    return read(connection).records;  // Reports what is wrong with the table.
  }
  std::vector<Record> records;
  if (!rows) return records;
  const Reader reader(*dialect_, table_, rows->columns);
  records.reserve(rows->values.size());
  for (const std::vector<Value>& row : rows->values) records.push_back(reader.read(row));
  sort(records);
  return records;
}

bool History::contains(dialect::Connection& connection, const std::string& name) const {
  sql::Writer select(dialect_->syntax());
  select.raw("SELECT 1 FROM ").raw(dialect_->quote_identifier(table_name())).raw(" WHERE ");
  select.raw(dialect_->quote_identifier("name")).raw(" = ").raw(dialect_->placeholder(1)).raw(" LIMIT 1");
  return !connection.run_often(select.text(), {name}).values.empty();
}

void History::prepare(dialect::Connection& connection, State& state) const {
  std::vector<operation::Operation> operations;
  if (!state.table_exists) operations.emplace_back(operation::CreateTable{table_});
  for (const std::string& name : state.missing_columns) {
    operation::AddColumn add;
    add.table = table_.name;
    add.column = *table_.find_column(name);
    add.position = table_.columns.size();
    operations.emplace_back(std::move(add));
  }
  change_table(table_name(), [&] {
    for (const sql::Statement& statement : dialect_->generate(operations)) connection.run(statement.sql);
  });
  state.table_exists = true;
  state.missing_columns.clear();
}

void History::add(dialect::Connection& connection, const Record& record) const {
  const std::vector<Value> values = {record.timestamp, record.name, null_if_empty(record.checksum),
                                     null_if_empty(record.applied_at), record.duration_ms};
  sql::Writer insert(dialect_->syntax());
  insert.raw("INSERT INTO ").raw(dialect_->quote_identifier(table_name())).raw("(");
  std::size_t number = 0;
  std::string placeholders;
  for (std::size_t i = 1; i < table_.columns.size(); ++i) {
    if (i > 1) insert.raw(", "), placeholders += ", ";
    insert.raw(dialect_->quote_identifier(table_.columns[i].name));
    placeholders += dialect_->placeholder(++number);
  }
  insert.raw(") VALUES (").raw(placeholders).raw(")");
  change_table(table_name(), [&] { connection.run_often(insert.text(), values); });
}

void History::remove(dialect::Connection& connection, const Record& record) const {
  sql::Writer remove(dialect_->syntax());
  remove.raw("DELETE FROM ").raw(dialect_->quote_identifier(table_name())).raw(" WHERE ");
  remove.raw(dialect_->quote_identifier("id")).raw(" = ").raw(dialect_->placeholder(1));
  connection.run_often(remove.text(), {record.id});
}

std::string current_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[sizeof "2026-01-31 12:00:00"];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

}  // namespace whimbrel::history

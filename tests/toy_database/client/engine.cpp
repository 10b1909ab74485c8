#include "toy_database/client/engine.h"

#include <algorithm>
#include <functional>

#include "whimbrel/error.h"

namespace whimbrel::toy {

namespace {

std::size_t place_of(const Parser& parser, const Table& table, const std::string& column) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const model::Column& one) { return one.name == column; });
  if (found == table.columns.end()) parser.fail("there is no column \"" + column + '"');
  return static_cast<std::size_t>(found - table.columns.begin());
}

/// What the column makes of the value.
Value stored(const Parser& parser, const model::Column& column, const Value& value) {
  if (value.is_null()) {
    if (!column.nullable) parser.fail("column \"" + column.name + "\" takes no NULL");
    return value;
  }
  try {
    if (column.type.name == "text") return value.text();
    if (column.type.name == "real") return value.real();
    return value.integer();
  } catch (const Error&) {
    parser.fail("column \"" + column.name + "\" takes no such value");
  }
}

Value default_of(const model::Column& column) {
  return column.default_expression ? Parser(*column.default_expression, nullptr).value() : Value();
}

using Condition = std::function<bool(const std::vector<Value>& row)>;

Condition condition(Parser& parser, const Table& table) {
  if (!parser.accept("WHERE")) return [](const std::vector<Value>&) { return true; };
  const std::size_t place = place_of(parser, table, parser.name());
  if (parser.accept("IS", "NULL")) return [place](const std::vector<Value>& row) { return row[place].is_null(); };
  parser.expect("=");
  return [place, wanted = parser.value()](const std::vector<Value>& row) {
    return !row[place].is_null() && !wanted.is_null() && row[place].text() == wanted.text();
  };
}

}  // namespace

Engine::Engine(std::shared_ptr<Database> database, bool read_only)
    : database_(std::move(database)), read_only_(read_only), number_([] {
        static int last = 0;
        return ++last;
      }()) {}

Rows::Data Engine::run(std::string_view sql, const std::vector<Value>* parameters) {
  Parser parser(sql, parameters);
  if (control_transaction(parser)) return {};
  if (parser.accept("SELECT")) return select(parser);
  if (parser.accept("SHOW", "COLUMNS")) return show_columns();
  if (parser.accept("SHOW", "LOCK")) return {{"connection"}, {{Value(database_->locked_by)}}};
  if (parser.accept("TRY", "LOCK")) return try_lock();
  if (parser.accept("UNLOCK")) return unlock(), Rows::Data();
  if (read_only_) parser.fail("the connection only reads");
  if (!change_rows(parser) && !change_schema(parser)) parser.fail("the statement is not known");
  parser.expect_end();
  return {};
}

bool Engine::control_transaction(Parser& parser) {
  const auto savepoint = [&] {
    const std::string name = parser.name();
    const auto found =
        std::find_if(savepoints_.begin(), savepoints_.end(), [&](auto& one) { return one.first == name; });
    if (found == savepoints_.end()) parser.fail("there is no savepoint \"" + name + '"');
    return found;
  };
  if (parser.accept("BEGIN")) {
    commit();
    before_ = database_->tables;
  } else if (parser.accept("COMMIT")) {
    commit();
  } else if (parser.accept("SAVEPOINT")) {
    savepoints_.emplace_back(parser.name(), database_->tables);
  } else if (parser.accept("RELEASE", "SAVEPOINT")) {
    savepoints_.erase(savepoint(), savepoints_.end());
  } else if (parser.accept("ROLLBACK", "TO")) {
    parser.expect("SAVEPOINT");
    const auto found = savepoint();
    database_->tables = found->second;
    savepoints_.erase(found + 1, savepoints_.end());
  } else if (parser.accept("ROLLBACK")) {
    if (before_) database_->tables = *before_;
    commit();
  } else {
    return false;
  }
  parser.expect_end();
  return true;
}

void Engine::commit() {
  before_.reset();
  savepoints_.clear();
}

bool Engine::change_schema(Parser& parser) {
  const auto change = [&](void (Engine::*function)(Parser&)) {
    commit();
    (this->*function)(parser);
    return true;
  };
  if (parser.accept("CREATE", "TABLE")) return change(&Engine::create_table);
  if (parser.accept("DROP", "TABLE")) return change(&Engine::drop_table);
  if (parser.accept("ALTER", "TABLE")) return change(&Engine::alter_table);
  return false;
}

void Engine::create_table(Parser& parser) {
  const std::string name = parser.name();
  if (database_->tables.contains(name)) parser.fail("there is a table \"" + name + "\" already");
  Table table;
  parser.expect("(");
  do {
    if (parser.accept("PRIMARY", "KEY")) {
      table.key = parser.names();
    } else {
      table.columns.push_back(parser.column());
    }
  } while (parser.accept(","));
  parser.expect(")");
  parser.expect_end();
  database_->tables.emplace(name, std::move(table));
}

void Engine::drop_table(Parser& parser) {
  const std::string name = parser.name();
  static_cast<void>(table(parser, name));
  database_->tables.erase(name);
}

void Engine::alter_table(Parser& parser) {
  const std::string name = parser.name();
  Table& changed = table(parser, name);
  if (parser.accept("RENAME", "TO")) {
    const std::string after = parser.name();
    if (database_->tables.contains(after)) parser.fail("there is a table \"" + after + "\" already");
    auto node = database_->tables.extract(name);
    node.key() = after;
    database_->tables.insert(std::move(node));
  } else if (parser.accept("RENAME", "COLUMN")) {
    const std::string before = parser.name();
    parser.expect("TO");
    const std::string after = parser.name();
    changed.columns[place_of(parser, changed, before)].name = after;
    std::replace(changed.key.begin(), changed.key.end(), before, after);
  } else if (parser.accept("ADD", "COLUMN")) {
    add_column(parser, changed);
  } else if (parser.accept("ALTER", "COLUMN")) {
    alter_column(parser, changed);
  } else if (parser.accept("DROP", "COLUMN")) {
    const auto place = static_cast<std::ptrdiff_t>(place_of(parser, changed, parser.name()));
    changed.columns.erase(changed.columns.begin() + place);
    for (std::vector<Value>& row : changed.rows) row.erase(row.begin() + place);
  } else {
    parser.fail("the change is not known");
  }
}

void Engine::add_column(Parser& parser, Table& table) {
  const model::Column column = parser.column();
  const bool is_filled = parser.accept("FILL");
  const Value fill = is_filled ? parser.value() : default_of(column);
  if (!table.rows.empty()) static_cast<void>(stored(parser, column, fill));
  table.columns.push_back(column);
  for (std::vector<Value>& row : table.rows) row.push_back(stored(parser, column, fill));
}

// Each value is converted before the first is kept.
void Engine::alter_column(Parser& parser, Table& table) {
  const model::Column column = parser.column();
  const std::size_t place = place_of(parser, table, column.name);
  const bool is_filled = parser.accept("FILL");
  const Value fill = is_filled ? parser.value() : Value();
  std::vector<Value> values;
  for (const std::vector<Value>& row : table.rows) {
    values.push_back(stored(parser, column, row[place].is_null() && is_filled ? fill : row[place]));
  }
  table.columns[place] = column;
  for (std::size_t i = 0; i < values.size(); ++i) table.rows[i][place] = values[i];
}

bool Engine::change_rows(Parser& parser) {
  if (parser.accept("INSERT", "INTO")) return insert(parser), true;
  if (parser.accept("DELETE", "FROM")) return remove(parser), true;
  if (parser.accept("UPDATE")) return update(parser), true;
  return false;
}

void Engine::insert(Parser& parser) {
  Table& target = table(parser);
  const std::vector<std::string> names = parser.names();
  parser.expect("VALUES");
  parser.expect("(");
  std::vector<Value> given(target.columns.size());
  std::vector<bool> is_given(target.columns.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) parser.expect(",");
    const std::size_t place = place_of(parser, target, names[i]);
    given[place] = parser.value();
    is_given[place] = true;
  }
  parser.expect(")");
  for (std::size_t i = 0; i < given.size(); ++i) {
    const model::Column& column = target.columns[i];
    if (!is_given[i]) given[i] = column.auto_increment ? Value(target.last_number + 1) : default_of(column);
    given[i] = stored(parser, column, given[i]);
    if (column.auto_increment) target.last_number = std::max(target.last_number, given[i].integer());
  }
  target.rows.push_back(std::move(given));
}

void Engine::update(Parser& parser) {
  Table& target = table(parser);
  parser.expect("SET");
  std::vector<std::pair<std::size_t, Value>> values;
  do {
    const std::size_t place = place_of(parser, target, parser.name());
    parser.expect("=");
    values.emplace_back(place, stored(parser, target.columns[place], parser.value()));
  } while (parser.accept(","));
  const Condition is_meant = condition(parser, target);
  for (std::vector<Value>& row : target.rows) {
    if (!is_meant(row)) continue;
    for (const auto& [place, value] : values) row[place] = value;
  }
}

void Engine::remove(Parser& parser) {
  Table& target = table(parser);
  std::erase_if(target.rows, condition(parser, target));
}

Rows::Data Engine::select(Parser& parser) {
  std::vector<std::string> names;
  const bool is_all = parser.accept("*");
  const bool is_count = !is_all && parser.accept("count", "(");
  if (is_count) parser.expect("*"), parser.expect(")");
  const bool is_one = !is_all && !is_count && parser.accept_one();
  while (!is_all && !is_count && !is_one) {
    names.push_back(parser.name());
    if (parser.accept(".")) names.back() = parser.name();
    if (!parser.accept(",")) break;
  }
  if (is_one && parser.is_at_end()) return {{"1"}, {{Value(1)}}};
  parser.expect("FROM");
  const Table& source = table(parser);
  for (const model::Column& column : source.columns) {
    if (is_all) names.push_back(column.name);
  }
  std::vector<std::size_t> places;
  for (const std::string& name : names) places.push_back(place_of(parser, source, name));
  const Condition is_meant = condition(parser, source);
  const std::size_t limit = parser.accept("LIMIT") ? parser.number() : source.rows.size();
  parser.expect_end();
  Rows::Data result{std::move(names), {}};
  for (const std::vector<Value>& row : source.rows) {
    if (!is_meant(row) || result.values.size() == limit) continue;
    std::vector<Value>& values = result.values.emplace_back();
    for (const std::size_t place : places) values.push_back(row[place]);
    if (is_one) values.emplace_back(1);
  }
  if (!is_count && !is_one) return result;
  if (is_one) return {{"1"}, std::move(result.values)};
  return {{"count"}, {{Value(static_cast<std::int64_t>(result.values.size()))}}};
}

Rows::Data Engine::show_columns() const {
  Rows::Data rows{{"table", "column", "type", "nullable", "counted", "default", "key"}, {}};
  for (const auto& [name, table] : database_->tables) {
    for (const model::Column& column : table.columns) {
      const auto in_key = std::find(table.key.begin(), table.key.end(), column.name);
      const std::int64_t key_place = in_key == table.key.end() ? 0 : in_key - table.key.begin() + 1;
      rows.values.push_back({name, column.name, column.type.name, column.nullable, column.auto_increment,
                             column.default_expression, key_place});
    }
  }
  return rows;
}

Rows::Data Engine::try_lock() {
  if (database_->locked_by == 0) database_->locked_by = number_;
  return {{"locked"}, {{Value(database_->locked_by == number_)}}};
}

void Engine::unlock() {
  if (database_->locked_by == number_) database_->locked_by = 0;
}

Table& Engine::table(Parser& parser) { return table(parser, parser.name()); }

Table& Engine::table(Parser& parser, const std::string& name) {
  const auto found = database_->tables.find(name);
  if (found != database_->tables.end()) return found->second;
  try {
    parser.fail("there is no table \"" + name + '"');
  } catch (Error& error) {
    error.with_native_code(no_such_table);
    throw;
  }
}

}  // namespace whimbrel::toy

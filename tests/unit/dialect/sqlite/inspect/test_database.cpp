#include "unit/dialect/sqlite/inspect/test_database.h"

#include <stdexcept>

#include "whimbrel/error.h"

namespace whimbrel::test {

namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

Value column(sqlite3_stmt* statement, int index) {
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement, index);
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, index);
    default: {
      const void* bytes = sqlite3_column_blob(statement, index);
      return std::string(static_cast<const char*>(bytes),
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, index)));
    }
  }
}

void bind(sqlite3_stmt* statement, const std::vector<Value>& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string text = parameters[i].text();
    sqlite3_bind_text(statement, static_cast<int>(i + 1), text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
}

}  // namespace

TestDatabase::TestDatabase() : version_(0) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(":memory:", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  database_.reset(database);
  if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errstr(code));
  const int number = sqlite3_libversion_number();
  version_ = number / 1000000 * 10000 + number / 1000 % 1000 * 100 + number % 1000;
}

bool TestDatabase::accepts(std::string_view sql) {
  return sqlite3_exec(native(), std::string(sql).c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

Rows::Data TestDatabase::run_all(std::string_view sql, const std::vector<Value>* parameters,
                                 dialect::StatementObserver*) {
  Rows::Data rows;
  while (!sql.empty()) {
    sqlite3_stmt* prepared = nullptr;
    const char* rest = nullptr;
    int code = sqlite3_prepare_v2(native(), sql.data(), static_cast<int>(sql.size()), &prepared, &rest);
    const std::unique_ptr<sqlite3_stmt, Finalize> statement(prepared);
    if (code != SQLITE_OK) throw std::runtime_error(std::string(sqlite3_errmsg(native())) + ": " + std::string(sql));
    sql.remove_prefix(static_cast<std::size_t>(rest - sql.data()));
    if (!statement) continue;
    ++statement_count_;
    if (parameters != nullptr) bind(prepared, *parameters);
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
      std::vector<Value>& row = rows.values.emplace_back();
      for (int i = 0; i < sqlite3_column_count(prepared); ++i) row.push_back(column(prepared, i));
    }
    if (code != SQLITE_DONE) throw Error(ErrorKind::statement, sqlite3_errmsg(native()));
  }
  return rows;
}

std::unique_ptr<dialect::Connection> TestDatabase::open_scratch() const { return std::make_unique<TestDatabase>(); }

std::string text(const Value& value) {
  if (value.is_null()) return "NULL";
  if (const auto* integer = std::get_if<std::int64_t>(&value.variant())) return std::to_string(*integer);
  return value.text();
}

}  // namespace whimbrel::test

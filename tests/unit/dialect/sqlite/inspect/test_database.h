#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"

namespace whimbrel::test {

/// A database in memory, with nothing between the test and SQLite.
class TestDatabase final : public dialect::Connection {
 public:
  TestDatabase();

  /// Does SQLite accept the statements?
  bool accepts(std::string_view sql);

  Rows::Data run_all(std::string_view sql, const std::vector<Value>* parameters,
                     dialect::StatementObserver* observer) override;
  [[nodiscard]] bool is_transaction_active() const override { return sqlite3_get_autocommit(native()) == 0; }
  void interrupt() noexcept override { sqlite3_interrupt(native()); }
  [[nodiscard]] dialect::ServerFacts server() const override { return {.version = version_}; }
  [[nodiscard]] std::string description() const override { return "test database"; }
  [[nodiscard]] std::unique_ptr<dialect::Connection> open_scratch() const override;

  [[nodiscard]] sqlite3* native() const { return database_.get(); }
  /// Says that it is another version of SQLite.
  void pretend_version(int version) { version_ = version; }
  /// How many statements have returned rows or run since the database was opened.
  [[nodiscard]] int statement_count() const { return statement_count_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  std::unique_ptr<sqlite3, Close> database_;
  int version_;
  int statement_count_ = 0;
};

/// A value as text; `NULL` for none.
[[nodiscard]] std::string text(const Value& value);

}  // namespace whimbrel::test

#include "dialect/mysql/row_copy.h"

#include "dialect/mysql/guard/script_rules.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/session_settings.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/row_copy.h"
#include "dialect/samples.h"
#include "sql/writer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

std::string database_of(Connection& connection) {
  return connection.run("SELECT DATABASE()").values.at(0).at(0).text();
}

/// Copies with a connection of its own, which reads one database and writes the other.
class MysqlRowCopy final : public RowCopy {
 public:
  MysqlRowCopy(Connection& connection, Connection& scratch, const std::vector<SampledTable>& tables, std::size_t most)
      : RowCopy(mysql_syntax, tables, most),
        connection_(connection),
        original_(database_of(connection)),
        copy_(database_of(scratch)) {}

 private:
  /// The size is what the server estimates, because to measure all values would read them.
  std::size_t limit_for(const model::Table& table) const override {
    const Rows::Data rows = connection_.run(
        "SELECT AVG_ROW_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " +
        sql::quote_string(table.name.name, mysql_syntax));
    return rows.values.empty() ? most() : rows_within_limit(rows.values.front().front(), most());
  }

  bool is_in_copy(const model::Name& name) const override { return name.schema.empty(); }
  std::string name_in_copy(const model::Name& name) const override {
    return quote_name(copy_) + '.' + quote_name(name.name);
  }
  std::string name_of_original(const model::Name& name) const override {
    return quote_name(name.schema.empty() ? original_ : name.schema) + '.' + quote_name(name.name);
  }
  std::string value_for_copy(const model::Column&, const std::string& value) const override { return value; }
  std::string comparable(const std::string& value) const override { return value; }

  std::size_t insert(const std::string& target, const std::string& select) const override {
    connection_.run("INSERT INTO " + target + ' ' + select);
    return static_cast<std::size_t>(connection_.run("SELECT ROW_COUNT()").values.at(0).at(0).integer());
  }

  Connection& connection_;
  std::string original_;
  std::string copy_;
};

}  // namespace

std::vector<std::string> copy_rows(Connection& connection, Connection& scratch, const std::vector<SampledTable>& tables,
                                   std::size_t most) {
  const std::unique_ptr<Connection> writer = connection.open_again();
  // The rows were valid when they were written, perhaps under other modes.
  writer->run(std::string("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO', ") + server_time_zone);
  std::vector<std::string> problems;
  without_triggers(scratch, [&] { problems = MysqlRowCopy(*writer, scratch, tables, most).run(); });
  return problems;
}

void without_triggers(Connection& scratch, const std::function<void()>& function) {
  const Rows::Data triggers = scratch.run(
      "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY "
      "EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER");
  struct Renew {
    Connection& scratch;
    std::vector<std::string> statements{};
    void run() {
      for (const std::string& statement : statements) scratch.run(statement);
      statements.clear();
    }
  } renew{scratch};
  for (const std::vector<Value>& row : triggers.values) {
    const std::string name = quote_name(row.at(0).text());
    const std::vector<Value> shown = scratch.run("SHOW CREATE TRIGGER " + name).values.at(0);
    renew.statements.push_back("SET " + program_session(shown.at(1).text(), {}, shown.at(4).text()));
    renew.statements.push_back(without_definer(shown.at(2).text()));
    scratch.run("DROP TRIGGER " + name);
  }
  if (!renew.statements.empty()) renew.statements.push_back("SET " + plain_session());
  try {
    function();
  } catch (...) {
    try {
      renew.run();
    } catch (const Error&) {  // The earlier error ends the use of the scratch database.
    }
    throw;
  }
  renew.run();
}

}  // namespace whimbrel::dialect::mysql

#include "session/logged_connection.h"

#include "operation/operation.h"
#include "sql/writer.h"

namespace whimbrel::session {

namespace {

std::string to_hexadecimal(const Bytes& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "x'";
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text + '\'';
}

std::string to_literal(const Value& value, const sql::Syntax& syntax) {
  return std::visit(operation::Visitor{
                        [](std::monostate) { return std::string("NULL"); },
                        [&](const std::string& text) { return sql::quote_string(text, syntax); },
                        [](const Bytes& bytes) { return to_hexadecimal(bytes); },
                        [&](const auto&) { return value.text(); },
                    },
                    value.variant());
}

using Log = LoggedConnection::Log;

class LoggingObserver final : public dialect::StatementObserver {
 public:
  LoggingObserver(const Log& log, const std::vector<Value>* parameters, const sql::Syntax& syntax,
                  dialect::StatementObserver& observer)
      : log_(log), parameters_(parameters), syntax_(syntax), observer_(observer) {}

  void before(std::string_view statement) override {
    observer_.before(statement);
    log_(to_text(statement, parameters_, syntax_));
  }
  void after(std::string_view statement) override { observer_.after(statement); }
  bool take(const std::vector<std::string>& columns, const std::vector<Value>& values) override {
    return observer_.take(columns, values);
  }

 private:
  const Log& log_;
  const std::vector<Value>* parameters_;
  const sql::Syntax& syntax_;
  dialect::StatementObserver& observer_;
};

}  // namespace

LoggedConnection::LoggedConnection(std::unique_ptr<dialect::Connection> connection, const sql::Syntax& syntax, Log log)
    : connection_(std::move(connection)), syntax_(syntax), log_(std::move(log)) {}

Rows::Data LoggedConnection::run_all(std::string_view sql, const std::vector<Value>* parameters,
                                     dialect::StatementObserver* observer) {
  if (observer == nullptr) {
    log_(to_text(sql, parameters, syntax_));
    return connection_->run_all(sql, parameters, nullptr);
  }
  LoggingObserver logging(log_, parameters, syntax_, *observer);
  return connection_->run_all(sql, parameters, &logging);
}

Rows::Data LoggedConnection::run_often(std::string_view sql, const std::vector<Value>& parameters) {
  log_(to_text(sql, &parameters, syntax_));
  return connection_->run_often(sql, parameters);
}

std::vector<Rows::Data> LoggedConnection::run_together(const std::vector<std::string>& queries) {
  for (const std::string& query : queries) log_(query);
  return connection_->run_together(queries);
}

void LoggedConnection::meanwhile(const std::function<void()>& function) { connection_->meanwhile(function); }
void LoggedConnection::on_notice(const std::function<void(const std::string&)>& function) {
  connection_->on_notice(function);
}
void LoggedConnection::reconnect_if_lost() { connection_->reconnect_if_lost(); }
bool LoggedConnection::is_transaction_active() const { return connection_->is_transaction_active(); }
void LoggedConnection::interrupt() noexcept { connection_->interrupt(); }
dialect::ServerFacts LoggedConnection::server() const { return connection_->server(); }
std::string LoggedConnection::description() const { return connection_->description(); }
std::string LoggedConnection::absent_file() const { return connection_->absent_file(); }
std::unique_ptr<dialect::Connection> LoggedConnection::open_again() const { return connection_->open_again(); }

std::unique_ptr<dialect::Connection> LoggedConnection::open_at(const std::string& address) const {
  return connection_->open_at(address);
}

std::unique_ptr<dialect::Connection> LoggedConnection::open_scratch() const { return connection_->open_scratch(); }
void LoggedConnection::stand_in_for_unknown(std::vector<std::string>* not_tried) {
  connection_->stand_in_for_unknown(not_tried);
}

void LoggedConnection::without_quoted_strings(const std::function<void()>& function) {
  connection_->without_quoted_strings(function);
}

std::string to_text(std::string_view sql, const std::vector<Value>* parameters, const sql::Syntax& syntax) {
  if (parameters == nullptr) return std::string(sql);
  sql::Writer text(syntax);
  text.raw(sql).raw(" -- parameters: [");
  text.list(*parameters, [&](const Value& value) { text.raw(to_literal(value, syntax)); });
  text.raw("]");
  return text.take();
}

}  // namespace whimbrel::session

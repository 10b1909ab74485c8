#pragma once

#include <functional>
#include <memory>
#include <string>

#include "dialect/connection.h"
#include "sql/syntax.h"

namespace whimbrel::session {

/// Logs every statement before it runs.
class LoggedConnection final : public dialect::Connection {
 public:
  using Log = std::function<void(const std::string& line)>;

  LoggedConnection(std::unique_ptr<dialect::Connection> connection, const sql::Syntax& syntax, Log log);

  Rows::Data run_all(std::string_view sql, const std::vector<Value>* parameters,
                     dialect::StatementObserver* observer) override;
  Rows::Data run_often(std::string_view sql, const std::vector<Value>& parameters) override;
  std::vector<Rows::Data> run_together(const std::vector<std::string>& queries) override;
  void meanwhile(const std::function<void()>& function) override;
  [[nodiscard]] bool is_transaction_active() const override;
  void interrupt() noexcept override;
  void on_notice(const std::function<void(const std::string&)>& function) override;
  void reconnect_if_lost() override;
  [[nodiscard]] dialect::ServerFacts server() const override;
  [[nodiscard]] std::string description() const override;
  [[nodiscard]] std::string absent_file() const override;
  /// Not logged: statements on a scratch database are not the program's.
  [[nodiscard]] std::unique_ptr<dialect::Connection> open_again() const override;
  [[nodiscard]] std::unique_ptr<dialect::Connection> open_at(const std::string& address) const override;
  [[nodiscard]] std::unique_ptr<dialect::Connection> open_scratch() const override;
  void stand_in_for_unknown(std::vector<std::string>* not_tried) override;
  void without_quoted_strings(const std::function<void()>& function) override;

 private:
  std::unique_ptr<dialect::Connection> connection_;
  sql::Syntax syntax_;
  Log log_;
};

/// Returns a statement with its parameters: `SELECT ? -- parameters: [1]`.
[[nodiscard]] std::string to_text(std::string_view sql, const std::vector<Value>* parameters,
                                  const sql::Syntax& syntax);

}  // namespace whimbrel::session

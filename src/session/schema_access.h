#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"

namespace whimbrel::run {

/// The access to a schema that the operations of a QueryRunner need.
struct SchemaAccess {
  const dialect::Dialect* dialect = nullptr;
  dialect::Connection* connection = nullptr;
  /// Runs a change atomically under a guard; empty if changes do not last.
  std::function<void(const std::function<void()>& change)> enclose{};
  /// Reports a warning to the user; empty if there is no logger.
  std::function<void(const std::string& line)> warn{};
};

/// The schema that the database would have after the recorded statements of a dry run. The copy is created when it is
/// first needed.
class ShadowSchema {
 public:
  /// Starts from the schema of the connection's database.
  ShadowSchema(const dialect::Dialect& dialect, dialect::Connection& connection)
      : dialect_(dialect), connection_(connection) {}

  void ran(std::string_view statement);
  [[nodiscard]] const SchemaAccess& source();
  [[nodiscard]] const sql::Syntax& syntax() const { return dialect_.syntax(); }

 private:
  void try_out(const std::string& statement);

  const dialect::Dialect& dialect_;
  dialect::Connection& connection_;
  std::vector<std::string> earlier_;  ///< Statements from before the copy existed.
  std::unique_ptr<dialect::Connection> copy_;
  SchemaAccess source_{};
};

}  // namespace whimbrel::run

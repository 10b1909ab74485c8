#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"

namespace whimbrel::run {

/// What the schema operations of a QueryRunner read.
struct SchemaAccess {
  const dialect::Dialect* dialect = nullptr;
  dialect::Connection* connection = nullptr;
  /// Runs a change under a guard, whole or not at all; empty where nothing lasts.
  std::function<void(const std::function<void()>& change)> enclose{};
  /// Tells people what they should know; empty where nobody listens.
  std::function<void(const std::string& line)> warn{};
};

/// The schema that a database would have after statements that are only written down. A copy is made when it is first
/// asked for.
class ImaginedSchema {
 public:
  /// Begins with the schema of the connection's database.
  ImaginedSchema(const dialect::Dialect& dialect, dialect::Connection& connection)
      : dialect_(dialect), connection_(connection) {}

  void ran(std::string_view statement);
  [[nodiscard]] const SchemaAccess& source();
  [[nodiscard]] const sql::Syntax& syntax() const { return dialect_.syntax(); }

 private:
  void try_out(const std::string& statement);

  const dialect::Dialect& dialect_;
  dialect::Connection& connection_;
  std::vector<std::string> earlier_;  ///< What ran before there was a copy.
  std::unique_ptr<dialect::Connection> copy_;
  SchemaAccess source_{};
};

}  // namespace whimbrel::run

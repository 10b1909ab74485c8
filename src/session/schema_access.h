#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "whimbrel/naming_strategy.h"

namespace whimbrel {

namespace detail {

/// The access to a schema that the operations of a QueryRunner need.
struct SchemaAccess {
  const dialect::Dialect* dialect = nullptr;
  dialect::Connection* connection = nullptr;
  const NamingStrategy* naming = &typeorm_naming();  ///< Names constraints and indexes that get no name.
  /// Runs a change atomically under a guard; empty if changes do not last.
  std::function<void(const std::function<void()>& change)> enclose{};
  /// Called before the schema is read; empty if it may be read at any time.
  std::function<void()> before_read{};
  /// Reports a warning to the user; empty if there is no logger.
  std::function<void(const std::string& line)> warn{};
};

}  // namespace detail

namespace session {

// A public header declares it, where a namespace of this name could be mistaken for the program's own.
using detail::SchemaAccess;

/// The schema that the database would have after the recorded statements of a dry run. The copy is created when it is
/// first needed.
class ShadowSchema {
 public:
  /// Starts from the schema of the connection's database.
  ShadowSchema(const dialect::Dialect& dialect, const NamingStrategy& naming, dialect::Connection& connection)
      : dialect_(dialect), naming_(naming), connection_(connection) {}

  void ran(std::string_view statement);
  [[nodiscard]] const SchemaAccess& source();
  [[nodiscard]] const sql::Syntax& syntax() const { return dialect_.syntax(); }

 private:
  void try_out(const std::string& statement);

  const dialect::Dialect& dialect_;
  const NamingStrategy& naming_;
  dialect::Connection& connection_;
  std::vector<std::string> earlier_;  ///< Statements from before the copy existed.
  std::unique_ptr<dialect::Connection> copy_;
  SchemaAccess source_{};
};

}  // namespace session

}  // namespace whimbrel

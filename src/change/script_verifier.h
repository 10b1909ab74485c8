#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "session/session.h"
#include "sql/statement.h"

namespace whimbrel::change {

/// A failed verification of a script.
class VerificationError : public Error {
 public:
  explicit VerificationError(const std::string& message, std::string why = {});
  /// Returns the database's own message, if it rejected something.
  [[nodiscard]] const std::string& why() const { return why_; }

 private:
  std::string why_;
};

/// A scratch database, on which scripts are verified.
class ScriptVerifier {
 public:
  ScriptVerifier(session::Session& session, std::unique_ptr<dialect::Connection> scratch)
      : session_(session), scratch_(std::move(scratch)) {}

  [[nodiscard]] dialect::Connection& scratch() const { return *scratch_; }
  [[nodiscard]] model::Schema inspect() const;
  /// Returns the names of views and triggers that cannot be used.
  [[nodiscard]] std::set<std::string> broken() const;

  /// The checks after a script.
  enum class Look { at_nothing, at_schema, at_rows };

  /// Runs the statements of `up` or `down` and makes the checks that a runner makes before it commits. Throws
  /// VerificationError if one fails; at_schema: Error (unsafe) if the runner would refuse the change.
  /// `first` (may be empty) is called before these checks.
  void run(const std::vector<sql::Statement>& statements, const std::string& which, Look look = Look::at_nothing,
           const std::function<void()>& first = {}) const;
  /// Throws VerificationError, which shows the differences, if the scratch database does not have the expected schema.
  void require(const model::Schema& expected, const std::string& which) const;
  /// Returns the operations that turn one schema into the other, as display text.
  [[nodiscard]] std::vector<std::string> difference(const model::Schema& from, const model::Schema& to) const;

 private:
  session::Session& session_;
  std::unique_ptr<dialect::Connection> scratch_;
};

}  // namespace whimbrel::change

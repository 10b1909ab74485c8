#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "session/session.h"
#include "sql/statement.h"

namespace whimbrel::run {

/// The database's own words in an error of the connection.
[[nodiscard]] std::string reason(const Error& error, const dialect::Connection& connection);

/// A check of a script that failed.
class TrialError : public Error {
 public:
  explicit TrialError(const std::string& message, std::string why = {});
  /// The database's own words, if it refused something.
  [[nodiscard]] const std::string& why() const { return why_; }

 private:
  std::string why_;
};

/// A scratch database, on which scripts are tried.
class Trial {
 public:
  /// Where `objects` are looked at, so is what no entity describes.
  Trial(Session& session, std::unique_ptr<dialect::Connection> scratch, bool objects = false)
      : session_(session), scratch_(std::move(scratch)), objects_(objects) {}

  [[nodiscard]] dialect::Connection& scratch() const { return *scratch_; }
  [[nodiscard]] model::Schema inspect() const;
  /// The names of views and triggers that cannot be used.
  [[nodiscard]] std::set<std::string> broken() const;

  /// What is looked at after a script.
  enum class Look { at_nothing, at_rows };

  /// Runs the statements of `up` or `down`, and looks at what a runner looks at before it commits. Throws TrialError
  /// where one fails.
  void run(const std::vector<sql::Statement>& statements, const std::string& which, Look look = Look::at_nothing) const;
  /// Throws TrialError that shows how the scratch database differs from what is expected.
  void require(const model::Schema& expected, const std::string& which) const;
  /// What it takes to make the one schema the other, in words.
  [[nodiscard]] std::vector<std::string> difference(const model::Schema& from, const model::Schema& to) const;

 private:
  Session& session_;
  std::unique_ptr<dialect::Connection> scratch_;
  bool objects_;
};

}  // namespace whimbrel::run

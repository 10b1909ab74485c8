#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "run/session.h"
#include "sql/statement.h"

namespace whimbrel::run {

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

  /// Runs the statements of `up` or `down`. Throws Error (internal) where one fails.
  void run(const std::vector<sql::Statement>& statements, const std::string& which) const;
  /// Throws Error (internal) that shows how the scratch database differs from what is expected.
  void require(const model::Schema& expected, const std::string& which) const;
  /// What it takes to make the one schema the other, in words.
  [[nodiscard]] std::vector<std::string> difference(const model::Schema& from, const model::Schema& to) const;

 private:
  Session& session_;
  std::unique_ptr<dialect::Connection> scratch_;
  bool objects_;
};

}  // namespace whimbrel::run

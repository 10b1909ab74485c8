#pragma once

#include <string>
#include <vector>

#include "run/generate.h"
#include "unit/run/fixture.h"

struct sqlite3;

namespace whimbrel::fixture {

/// A database, in memory unless there is a URL, which migrations lead from one description of entities to the next.
/// They are generated for it, proved, run, and can be reverted.
class Trial {
 public:
  explicit Trial(const NamingStrategy* naming = nullptr, std::string entity_prefix = "", std::string url = "");
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  /// What a migration to these entities would do. It has been proved.
  run::Generated look(const Entities& entities, const diff::Decisions& decisions = {});
  /// Generates a migration that leads to the entities, runs it, and looks that nothing is left to do.
  run::Generated arrive_at(const Entities& entities, const diff::Decisions& decisions = {});
  /// Is there nothing to do?
  bool is_at(const Entities& entities) { return look(entities).empty(); }
  void revert_last();

  /// Without the history, in one order.
  model::Schema schema();
  /// The values of all rows, columns joined by `|`, rows by a line feed.
  std::string query(const std::string& sql);

 private:
  /// Is the database what the migration says that it leaves?
  void require_expected(run::Session& session, const run::Generated& generated) const;
  [[nodiscard]] DataSourceOptions options(const Entities& entities, const Program& program) const;

  const NamingStrategy* naming_;
  std::string entity_prefix_;
  std::string url_;
  sqlite3* handle_ = nullptr;
  std::vector<Script> scripts_;
};

/// The statements of a script.
std::vector<std::string> texts(const std::vector<sql::Statement>& script);

}  // namespace whimbrel::fixture

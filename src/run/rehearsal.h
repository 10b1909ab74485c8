#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "history/journal.h"
#include "session/statement_journal.h"
#include "whimbrel/model.h"

namespace whimbrel::run {

/// The state after a statement.
struct Stop {
  std::int64_t ordinal = 0;  ///< Of the statement; 0: the state before the first.
  std::string hash{};        ///< Of the statement.
  bool changes_rows = false;
  bool changes_schema = false;
  bool has_result = false;  ///< The migration may decide by it what follows.
  bool is_unknown = false;  ///< It depends on what the session did before.
  model::Schema schema;
};

/// One direction of a migration.
struct Course {
  std::vector<Stop> stops{};  ///< The first is the state before it.
  bool is_whole = true;       ///< If false, a statement failed.
};

[[nodiscard]] bool changes_rows(const dialect::Dialect& dialect, const history::JournalEntry& entry);

/// Returns what the migrations have made. The settings of the sessions that created it follow from the server at that
/// time, and are left out.
[[nodiscard]] model::Schema read_schema(session::Session& session);

/// A migration on an empty scratch database.
class Rehearsal {
 public:
  Rehearsal(session::Session& session, const session::KnownMigration& migration);

  /// Replays the applied migrations, this one only if it is wanted.
  void replay(bool with_this);
  /// Runs one direction, up to the statement with the ordinal `last`. An error ends it.
  Course run(bool down, std::int64_t last = std::numeric_limits<std::int64_t>::max());
  /// Continues a partial migration, as a run of it does, and returns the schema to which that leads.
  [[nodiscard]] model::Schema complete(const history::PartialMigration& partial);
  /// Returns the entries of the last run(), up to this ordinal.
  [[nodiscard]] std::vector<history::JournalEntry> entries(std::int64_t last);

 private:
  [[nodiscard]] model::Schema read();
  void call(session::StatementJournal& journal, bool down);
  void run_up(const session::KnownMigration& known);

  session::Session& original_;
  const session::KnownMigration& migration_;
  session::Session session_;
  std::unique_ptr<dialect::Connection> reader_;  ///< Its settings stay; null: the database needs none.
};

}  // namespace whimbrel::run

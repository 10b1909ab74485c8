#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "history/journal.h"
#include "session/session.h"

namespace whimbrel::session {

/// Writes the statements of one migration to the journal while it runs, and leaves out those that an earlier run has
/// completed: the migration is called from its beginning again, and gets the same answers.
class StatementJournal {
 public:
  using Send = std::function<Rows::Data(std::string_view statement)>;

  /// `partial`: the migration, with the entries of the earlier run, if there was one. Throws Error (migration) if the
  /// outcome of the interrupted statement is unknown.
  StatementJournal(Session& session, const history::PartialMigration& partial);

  /// Returns the migration with the entry of the statement that was running at the end of the earlier run as completed,
  /// or without it, if the catalog says which. Nothing is written.
  [[nodiscard]] static history::PartialMigration decided(Session& session, history::PartialMigration partial);
  /// Returns the ordinal of the statement of a decided() migration whose outcome is unknown; 0: none.
  [[nodiscard]] static std::int64_t undecided(Session& session, const history::PartialMigration& partial);

  /// Returns whether an earlier run has completed the statements that come next.
  [[nodiscard]] bool is_replaying() const { return next_ <= last_earlier(); }
  /// Runs a statement by calling `send`, or returns what it returned in the earlier run. `hash`: that of the statement
  /// and its parameters. Throws Error (migration) if it is not the statement of the earlier run.
  Rows::Data run(std::string_view statement, const std::string& hash, const Send& send);
  /// Runs a query whose rows are passed on as they arrive. A large result is not stored, so a later run
  /// cannot replay it.
  using Receive = std::function<void(const std::vector<std::string>& columns, const std::vector<Value>& values)>;
  void run_query(std::string_view statement, const std::string& hash, const Receive& receive,
                 const std::function<void(const Receive& receive)>& stream);
  /// Runs an operation that reads the schema and runs statements. One that an earlier run began is completed without a
  /// call.
  void run_operation(const std::function<void()>& operation, const Send& send);
  /// Runs the statements of the operation.
  void run_all(const std::vector<std::string>& statements, const Send& send);
  /// Call it after the migration returned. Throws Error (migration) if the earlier run has completed more statements.
  void require_complete() const;
  /// Throws Error (migration) if the migration is replayed: its schema then differs from the one that it had read.
  void require_same_schema() const;

  /// The function is called before each statement that is run, to begin the transaction that it belongs to.
  void before_each(std::function<void()> function) { before_each_ = std::move(function); }
  /// The function is called after each statement that is run and written to the journal.
  void on_recorded(std::function<void(const history::JournalEntry& entry)> function) {
    on_recorded_ = std::move(function);
  }
  /// Returns the ordinal of the last statement that an earlier run has completed; 0: there is none.
  [[nodiscard]] std::int64_t last_earlier() const {
    return partial_.entries.empty() ? 0 : partial_.entries.back().ordinal;
  }

 private:
  struct Failure {
    history::JournalEntry entry;
    dialect::StatementEffect effect;
    bool is_noted = false;       ///< The journal says, by an entry or by having none, what it did.
    bool is_in_journal = false;  ///< If it is noted.
  };

  [[nodiscard]] const history::JournalEntry* find(std::int64_t ordinal) const;
  void keep_decision(const history::PartialMigration& earlier);
  /// Returns the entry of a statement that an earlier run has run; null if the migration rolled it back.
  const history::JournalEntry* next_earlier(const std::string& hash);
  Rows::Data replay(std::string_view statement, const std::string& hash, const Send& send);
  /// Runs a statement that a migration which was turned around has left to do.
  Rows::Data run_left(history::JournalEntry entry, const Send& send);
  /// `send` runs the statement, and returns its rows in the form of stored_rows.h.
  void record(std::string_view statement, const std::string& hash, const std::function<std::string()>& send);
  Rows::Data record(std::string_view statement, const std::string& hash, const Send& send);
  void complete(const history::JournalEntry& operation, const Send& send);
  /// Runs a statement that a rollback does not undo.
  void run_for_good(history::JournalEntry& entry, const std::function<std::string()>& send);
  /// Remembers that a statement failed, which the journal needs to know if the migration goes on.
  void note_failure(Failure failure, const Error& error);
  void write_failure(Failure& failure);
  /// Writes that a statement of run_left() failed: it stays to do, or is known to have failed halfway.
  void write_left_failure(history::JournalEntry entry, const Error& error);
  /// Writes to the journal after an error of the statement, which the user needs more than one of the journal.
  void write_after_error(std::int64_t ordinal, const std::function<void()>& write);
  void add_failures();
  [[nodiscard]] Error cannot_continue(const std::string& reason) const;
  [[nodiscard]] Error was_changed() const;

  Session& session_;
  history::PartialMigration partial_;
  std::int64_t next_ = 1;            ///< The ordinal of the next statement or operation.
  std::vector<Failure> failures_{};  ///< The last statements, if they failed.
  std::function<void()> before_each_;
  std::function<void(const history::JournalEntry& entry)> on_recorded_;
};

}  // namespace whimbrel::session

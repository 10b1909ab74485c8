#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "session/schema_access.h"
#include "session/session.h"
#include "session/statement_journal.h"
#include "whimbrel/query_runner.h"

/// The targets for the statements of migrations.
namespace whimbrel::session {

/// Counts statements, and tracks the migration's open transactions.
class MigrationBackend : public QueryRunner::Backend {
 public:
  /// Returns how many statements were run or failed.
  [[nodiscard]] std::size_t statements() const { return statements_; }
  /// Call it after the migration returned. Throws Error (migration) if a transaction was started and not ended.
  virtual void require_good_end() const;

  Rows run(std::string_view sql, const std::vector<Value>* parameters) override;
  void start_transaction() override;
  void commit_transaction() override;
  void rollback_transaction() override;

 protected:
  virtual Rows::Data execute(std::string_view sql, const std::vector<Value>* parameters) = 0;
  /// Begin and end transactions; `depth`: the number of those that enclose it.
  virtual void start(std::size_t depth) = 0;
  virtual void commit(std::size_t depth) = 0;
  virtual void roll_back(std::size_t depth) = 0;
  [[nodiscard]] std::size_t depth() const { return depth_; }
  void count() { ++statements_; }

 private:
  std::size_t statements_ = 0;
  std::size_t depth_ = 0;
};

/// Runs statements on a connection, under a guard if there is one.
class ConnectionBackend final : public MigrationBackend {
 public:
  /// `enclosed`: if true, a transaction is open that the migration must not end. `journal`: null if there is none.
  ConnectionBackend(Session& session, dialect::SafetyGuard* guard, bool enclosed, StatementJournal* journal = nullptr)
      : session_(session), guard_(guard), journal_(journal), enclosed_(enclosed) {
    if (journal != nullptr) journal->before_each([this] { begin_again(); });
  }
  ~ConnectionBackend() override { watch_rebuilds({}); }

  /// Returns how many of the first statements cannot be undone, because the database committed them implicitly.
  [[nodiscard]] std::size_t statements_kept() const { return kept_; }
  /// Returns whether an earlier run has completed the first statements.
  [[nodiscard]] bool is_continued() const { return journal_ != nullptr && journal_->last_earlier() > 0; }
  [[nodiscard]] bool is_transaction_active() const override;
  void require_good_end() const override;
  void for_each_row(std::string_view sql, const std::vector<Value>& parameters, const RowFunction& function) override;
  const SchemaAccess* schema_access() override;
  /// Runs statements that were generated for the current schema.
  void run_all(const std::vector<std::string>& statements) override;
  /// The statements that follow may be hand-written, until the end of this backend.
  void watch_rebuilds(dialect::WrittenMigration written);

 protected:
  Rows::Data execute(std::string_view sql, const std::vector<Value>* parameters) override;
  void start(std::size_t depth) override;
  void commit(std::size_t depth) override;
  void roll_back(std::size_t depth) override;

 private:
  /// Calls `function`, and records whether it was interrupted.
  template <class Function>
  auto watch(Function function);
  Rows::Data run_now(std::string_view sql, const std::vector<Value>* parameters);
  /// Runs what an earlier run has not completed.
  Rows::Data run_journaled(std::string_view sql, const std::vector<Value>* parameters);
  [[nodiscard]] StatementJournal::Send sender();
  Rows::Data send(std::string_view sql, const std::vector<Value>* parameters);
  [[nodiscard]] bool is_replaying() const { return journal_ != nullptr && journal_->is_replaying(); }
  /// Returns whether the last statement ended the runner's transaction, or one that the migration started.
  [[nodiscard]] bool is_transaction_lost() const;
  /// Restarts the runner's transaction after the database committed it with a schema change.
  void begin_again();
  /// Runs a schema change outside a migration. Throws Error (usage) inside a transaction of the program, which cannot
  /// be guarded.
  void enclose(const std::function<void()>& change);
  /// Runs a schema operation of a migration.
  void run_operation(const std::function<void()>& change);

  Session& session_;
  dialect::SafetyGuard* guard_;
  StatementJournal* journal_;
  bool enclosed_;
  std::size_t kept_ = 0;
  bool interrupted_ = false;     ///< A statement did not run, even if the migration caught the error.
  bool is_rolled_back_ = false;  ///< The server rolled back the transaction.
  dialect::WrittenMigration written_;
  bool inner_ = false;            ///< The migration's first start_transaction() created a savepoint.
  std::vector<bool> replayed_{};  ///< For each open start_transaction(): an earlier run has completed the transaction.
  bool in_operation_ = false;     ///< A schema operation is running.
  SchemaAccess source_{};
};

/// Records the statements without running them.
class RecordingBackend final : public MigrationBackend {
 public:
  /// `schema`: the simulated schema after the statements.
  RecordingBackend(bool enclosed, ShadowSchema& schema) : enclosed_(enclosed), schema_(schema) {}

  [[nodiscard]] std::vector<std::string> take() { return std::move(script_); }
  [[nodiscard]] bool is_transaction_active() const override { return enclosed_ || depth() > 0; }
  const SchemaAccess* schema_access() override { return &schema_.source(); }

 protected:
  Rows::Data execute(std::string_view sql, const std::vector<Value>* parameters) override;
  void start(std::size_t) override {}
  void commit(std::size_t) override {}
  void roll_back(std::size_t) override {}

 private:
  bool enclosed_;
  ShadowSchema& schema_;
  std::vector<std::string> script_;
};

/// Runs statements on a scratch database, and continues after those that fail there.
class TolerantBackend final : public MigrationBackend {
 public:
  /// `after_each` is called after each statement.
  TolerantBackend(
      dialect::SafetyGuard& guard, SchemaAccess source, std::function<void()> after_each = [] {})
      : guard_(guard), source_(std::move(source)), after_each_(std::move(after_each)) {}

  [[nodiscard]] bool is_transaction_active() const override { return true; }
  void require_good_end() const override {}
  const SchemaAccess* schema_access() override { return &source_; }

 protected:
  Rows::Data execute(std::string_view sql, const std::vector<Value>* parameters) override;
  void start(std::size_t) override {}
  void commit(std::size_t) override {}
  void roll_back(std::size_t) override {}

 private:
  dialect::SafetyGuard& guard_;
  SchemaAccess source_;
  std::function<void()> after_each_;
};

}  // namespace whimbrel::session

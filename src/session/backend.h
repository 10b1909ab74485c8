#pragma once

#include <string>
#include <utility>
#include <vector>

#include "session/schema_access.h"
#include "session/session.h"
#include "whimbrel/query_runner.h"

/// What the statements of migrations go to.
namespace whimbrel::run {

/// By what a statement of a migration is known again in another run of it.
struct StatementMark {
  std::size_t ordinal = 0;  ///< From 1, in the order in which the migration runs them; 0: it has run none.
  std::string hash{};       ///< Of its text and its parameters.
  bool operator==(const StatementMark&) const = default;
};

/// Counts statements, and knows which transactions of the migration are open.
class MigrationBackend : public QueryRunner::Backend {
 public:
  [[nodiscard]] std::size_t statements() const { return last_.ordinal; }
  /// The statement that was run last, or that failed.
  [[nodiscard]] const StatementMark& last_statement() const { return last_; }
  /// To be called when the migration returned. Throws Error (migration) if a transaction was started and not ended.
  virtual void require_good_end() const;

  Rows run(std::string_view sql, const std::vector<Value>* parameters) override;
  void start_transaction() override;
  void commit_transaction() override;
  void rollback_transaction() override;

 protected:
  virtual Rows::Data execute(std::string_view sql, const std::vector<Value>* parameters) = 0;
  /// The transactions, by how many are open around them.
  virtual void start(std::size_t depth) = 0;
  virtual void commit(std::size_t depth) = 0;
  virtual void roll_back(std::size_t depth) = 0;
  [[nodiscard]] std::size_t depth() const { return depth_; }

 private:
  StatementMark last_;
  std::size_t depth_ = 0;
};

/// A connection, under a guard if there is one.
class ConnectionBackend final : public MigrationBackend {
 public:
  /// `enclosed`: a transaction is open that is not the migration's to end.
  ConnectionBackend(Session& session, dialect::SafetyGuard* guard, bool enclosed)
      : session_(session), guard_(guard), enclosed_(enclosed) {}
  ~ConnectionBackend() override { watch_rebuilds({}); }

  /// How many of the first statements can no longer be undone, since the database has committed them by itself.
  [[nodiscard]] std::size_t statements_kept() const { return kept_; }
  [[nodiscard]] bool is_transaction_active() const override;
  void require_good_end() const override;
  void for_each_row(std::string_view sql, const std::vector<Value>& parameters, const RowFunction& function) override;
  const SchemaAccess* schema_access() override;
  /// They are made for the schema as it is.
  void run_all(const std::vector<std::string>& statements) override;
  /// People may have written what follows. Until the end of this backend.
  void watch_rebuilds(dialect::WrittenMigration written);

 protected:
  Rows::Data execute(std::string_view sql, const std::vector<Value>* parameters) override;
  void start(std::size_t depth) override;
  void commit(std::size_t depth) override;
  void roll_back(std::size_t depth) override;

 private:
  /// Calls `function`, and remembers if it was interrupted.
  template <class Function>
  auto watch(Function function);
  Rows::Data send(std::string_view sql, const std::vector<Value>* parameters);
  /// Was there a transaction, the runner's or one that the migration started, which the last statement has ended?
  [[nodiscard]] bool is_transaction_lost() const;
  /// The runner's transaction, after the database has committed it with a change of the schema.
  void begin_again();
  /// For a change of the schema outside a migration. Throws Error (usage) inside a transaction of the program's, where
  /// nothing can be guarded.
  void enclose(const std::function<void()>& change);

  Session& session_;
  dialect::SafetyGuard* guard_;
  bool enclosed_;
  std::size_t kept_ = 0;
  bool interrupted_ = false;  ///< Something did not run, whether or not the migration caught the error.
  dialect::WrittenMigration written_;
  bool inner_ = false;  ///< The first start_transaction() of the migration made a savepoint.
  SchemaAccess source_{};
};

/// Writes the statements down and answers none.
class RecordingBackend final : public MigrationBackend {
 public:
  /// `schema`: what the statements would make.
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
  TolerantBackend(dialect::SafetyGuard& guard, SchemaAccess source) : guard_(guard), source_(std::move(source)) {}

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
};

}  // namespace whimbrel::run

#include <optional>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/guard/held_statements.h"
#include "dialect/sqlite/guard/integrity.h"
#include "dialect/sqlite/guard/rebuild_checker.h"
#include "dialect/sqlite/guard/rebuild_loss.h"
#include "dialect/sqlite/guard/settings.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

bool controls_transaction(Command::Kind kind) {
  return kind == Command::Kind::begin || kind == Command::Kind::commit || kind == Command::Kind::rollback;
}

/// Keeps foreign keys out of rebuilds, and compares what was broken before with what is broken after. What costs time
/// is looked at only before the first statement that could make it worse.
class SqliteGuard final : public SafetyGuard, private StatementObserver {
 public:
  explicit SqliteGuard(Connection& connection)
      : connection_(connection),
        settings_(connection),
        rebuild_checker_(connection),
        loss_(connection),
        held_(connection) {}

  ~SqliteGuard() override {
    if (is_finished_ || !connection_.is_transaction_active()) return;
    try {
      connection_.run("ROLLBACK");
    } catch (const Error&) {  // The settings cannot be restored then; the destructor has no one to tell.
    }
  }

  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters) override {
    return connection_.run(sql, parameters, *this);
  }

  void watch_rebuilds(WrittenMigration written) override { loss_.watch(std::move(written)); }

  void before_commit() override {
    require([&] {
      loss_.before_commit();
      if (names_) compare(*names_, find_broken_names(connection_, *names_));
      if (violations_) compare(*violations_, count_violations(connection_));
    });
    names_.reset();
    violations_.reset();
    rebuild_checker_.forget();
    settings_.renew_legacy_alter_table();
  }

  void finish() override {
    held_.commit();
    if (connection_.is_transaction_active()) {
      throw Error(ErrorKind::migration, "A migration began a transaction and did not end it.")
          .with_remedy("Let it commit what it begins, or leave transactions to the runner.");
    }
    settings_.restore();
    is_finished_ = true;
  }

  void run_whole(const std::function<void()>& operation) override {
    held_.begin_operation();
    connection_.run("SAVEPOINT whimbrel_operation");
    try {
      operation();
    } catch (...) {
      held_.end_operation();
      undo_operation();
      throw;
    }
    held_.end_operation();
    connection_.run("RELEASE whimbrel_operation");
  }
  void hold_together() override { held_.begin(); }
  bool is_holding() const override { return held_.is_open(); }
  bool keep_done() override { return held_.keep_done(); }

 private:
  void before(std::string_view statement) override {
    command_ = read_command(statement);
    held_.before(command_);
    if (!connection_.is_transaction_active()) is_own_transaction_ = false;
    if (controls_transaction(command_.kind)) control_transaction(statement);
    if (command_.kind == Command::Kind::attach && !command_.is_private) refuse_attach(statement);
    if (command_.may_break_names && !names_) names_ = find_broken_names(connection_);
    if (command_.may_break_keys && !violations_) violations_ = count_violations(connection_);
    loss_.before(command_);
    if (command_.kind != Command::Kind::drop_table) return;
    const std::string copy = rebuild_checker_.find_copy(command_.table);
    rebuild_checker_.before_drop(command_.table, loss_.before_drop(command_.table, copy, rebuild_checker_.made()));
  }

  void after(std::string_view) override {
    held_.after(command_);
    switch (command_.kind) {
      case Command::Kind::create_table:
        rebuild_checker_.table_made(command_.table);
        return require([&] { loss_.after_create(command_.table); });
      case Command::Kind::rename_table:
        rebuild_checker_.table_renamed(command_.table, command_.new_name);
        require([&] { loss_.after_rename(command_.table, command_.new_name); });
        return follow(command_.table, command_.new_name, !settings_.is_legacy_alter_table());
      case Command::Kind::drop_table:
        if (const std::string copy = rebuild_checker_.after_drop(command_.table); !copy.empty()) {
          follow(command_.table, copy, false);
        }
        return;
      case Command::Kind::pragma:
        return settings_.renew_foreign_keys();
      case Command::Kind::begin:
        is_own_transaction_ = true;
        return;
      case Command::Kind::create_dependent:
      case Command::Kind::commit:
      case Command::Kind::rollback:
      case Command::Kind::attach:
      case Command::Kind::other:
        return;
    }
  }

  /// What is found missing now is nowhere else any more: nothing of the migration may be kept.
  template <class Look>
  void require(Look look) {
    try {
      look();
    } catch (...) {
      held_.set_unsafe();
      throw;
    }
  }

  void undo_operation() {
    try {
      if (connection_.is_transaction_active()) {
        connection_.run("ROLLBACK TO whimbrel_operation");
        connection_.run("RELEASE whimbrel_operation");
      }
      settings_.renew_legacy_alter_table();
    } catch (const Error&) {  // Another error is on its way, and ends the migration.
    }
  }

  /// What was broken in a table before is no news under its new name.
  void follow(const std::string& from, const std::string& to, bool also_as_parent) {
    if (names_) rename_table(*names_, from, to, also_as_parent);
    if (violations_) rename_table(*violations_, from, to, also_as_parent);
  }

  /// Nothing watches over the rows of another file, and the history that says what was done is not in it.
  [[noreturn]] static void refuse_attach(std::string_view statement) {
    throw Error(ErrorKind::unsafe, "The migration would attach another database file, which nothing watches over.")
        .with_remedy(
            "Give the other file migrations of its own, with a DataSource of its own; or attach it in the program, on "
            "the connection that it hands over (DataSourceOptions::connection).")
        .with_statement(std::string(statement));
  }

  /// A migration may end the transaction that it began itself, and none that it runs in.
  void control_transaction(std::string_view statement) {
    if (!connection_.is_transaction_active()) return;
    if (!is_own_transaction_) {
      throw Error(ErrorKind::migration,
                  "The migration would begin or end a transaction, and is run inside one already.")
          .with_remedy(
              "Take the statement out of the migration; to undo a part, use SAVEPOINT and ROLLBACK TO. A "
              "migration that needs its own transactions returns MigrationTransaction::never from "
              "transaction().")
          .with_statement(std::string(statement));
    }
    if (command_.kind == Command::Kind::commit) before_commit();
  }

  Connection& connection_;
  Settings settings_;
  RebuildChecker rebuild_checker_;
  RebuildLoss loss_;
  HeldStatements held_;
  Command command_;
  std::optional<BrokenNames> names_;
  std::optional<Violations> violations_;
  bool is_own_transaction_ = false;
  bool is_finished_ = false;
};

}  // namespace

std::unique_ptr<SafetyGuard> make_guard(Connection& connection) { return std::make_unique<SqliteGuard>(connection); }

}  // namespace whimbrel::dialect::sqlite

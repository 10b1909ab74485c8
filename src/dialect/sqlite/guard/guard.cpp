#include <optional>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/guard/command.h"
#include "dialect/sqlite/guard/definition_readings.h"
#include "dialect/sqlite/guard/held_statements.h"
#include "dialect/sqlite/guard/index_contents.h"
#include "dialect/sqlite/guard/integrity.h"
#include "dialect/sqlite/guard/rebuild_checker.h"
#include "dialect/sqlite/guard/rebuild_loss.h"
#include "dialect/sqlite/guard/settings.h"
#include "dialect/sqlite/guard/string_readings.h"
#include "dialect/sqlite/guard/table_statistics.h"
#include "dialect/statement_error.h"

namespace whimbrel::dialect::sqlite {

namespace {

bool controls_transaction(Command::Kind kind) {
  return kind == Command::Kind::begin || kind == Command::Kind::commit || kind == Command::Kind::rollback;
}

/// Disables foreign keys during rebuilds, and compares broken references before and after. Expensive checks run only
/// before the first statement that could break anything.
class SqliteGuard final : public SafetyGuard, private StatementObserver {
 public:
  explicit SqliteGuard(Connection& connection)
      : connection_(connection),
        settings_(connection),
        rebuild_checker_(connection),
        loss_(connection),
        indexes_(connection),
        strings_(connection),
        readings_(connection),
        statistics_(connection),
        held_(connection) {}

  ~SqliteGuard() override {
    if (is_finished_ || !connection_.is_transaction_active()) return;
    try {
      connection_.run("ROLLBACK");
    } catch (const Error&) {  // The settings cannot be restored, and a destructor cannot report it.
    }
  }

  Rows::Data run(std::string_view sql, const std::vector<Value>* parameters) override {
    try {
      return connection_.run(sql, parameters, *this);
    } catch (const Error& error) {
      if (!command_.alters_table) throw;
      throw with_obstacles(connection_, error);
    }
  }

  void watch_rebuilds(WrittenMigration written) override { loss_.watch(std::move(written)); }

  void before_commit() override {
    require([&] {
      rebuild_checker_.require_renamed();
      loss_.before_commit();
      if (names_) compare(*names_, find_broken_names(connection_, *names_));
      if (violations_) compare(*violations_, count_violations(connection_));
      strings_.require_same();
      indexes_.require_fitting();
      readings_.require_same();
    });
    statistics_.restore();
    names_.reset();
    violations_.reset();
    rebuild_checker_.forget();
    indexes_.forget();
    strings_.forget();
    readings_.forget();
    settings_.renew_legacy_alter_table();
  }

  void finish() override {
    held_.commit();
    if (connection_.is_transaction_active()) throw transaction_left_open();
    settings_.restore();
    is_finished_ = true;
  }

  void run_whole(const std::function<void()>& operation) override {
    held_.begin_operation();
    readings_.begin_operation();
    connection_.run("SAVEPOINT whimbrel_operation");
    try {
      operation();
    } catch (...) {
      held_.end_operation();
      undo_operation();
      throw;
    }
    held_.end_operation();
    readings_.end_operation();
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
    if (command_.ends_journal) refuse_end_of_journal(statement);
    if (command_.may_break_names && !names_) {
      names_ = find_broken_names(connection_);
      readings_.record();
    }
    if (command_.may_break_keys && !violations_) violations_ = count_violations(connection_);
    loss_.before(command_);
    indexes_.before(command_);
    strings_.before(command_);
    if (command_.kind != Command::Kind::drop_table) return;
    const std::string copy = rebuild_checker_.find_copy(command_.table);
    if (!copy.empty()) statistics_.before_drop(command_.table);
    rebuild_checker_.before_drop(command_.table, loss_.before_drop(command_.table, copy, rebuild_checker_.made()));
  }

  void after(std::string_view) override {
    held_.after(command_);
    readings_.after(command_);
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

  /// Missing rows that are found only now no longer exist elsewhere, so no changes of the migration may be kept.
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
    } catch (const Error&) {  // An earlier error already ends the migration.
    }
  }

  /// A reference that was broken before is not newly broken under the new name of its table.
  void follow(const std::string& from, const std::string& to, bool also_as_parent) {
    if (names_) rename_table(*names_, from, to, also_as_parent);
    if (violations_) rename_table(*violations_, from, to, also_as_parent);
    strings_.table_renamed(from, to);
    readings_.table_renamed(from, to);
  }

  /// The rows of another file are not guarded, and its history does not record the migration.
  [[noreturn]] static void refuse_attach(std::string_view statement) {
    throw Error(ErrorKind::unsafe, "The migration attaches another database file, which is not guarded.")
        .with_remedy(
            "Write separate migrations for the other file, with its own DataSource; or attach it in the program, on "
            "the connection that it passes to whimbrel (DataSourceOptions::connection).")
        .with_statement(std::string(statement));
  }

  // https://www.sqlite.org/pragma.html#pragma_journal_mode
  [[noreturn]] static void refuse_end_of_journal(std::string_view statement) {
    throw Error(ErrorKind::unsafe, "The migration turns off the rollback journal, so a failure could not be undone.")
        .with_remedy("Remove the statement, or use the journal mode MEMORY.")
        .with_statement(std::string(statement));
  }

  /// A migration may end a transaction that it began, but not the one that it runs in.
  void control_transaction(std::string_view statement) {
    if (!connection_.is_transaction_active()) return;
    if (!is_own_transaction_) throw transaction_control(statement);
    if (command_.kind == Command::Kind::commit) before_commit();
  }

  Connection& connection_;
  Settings settings_;
  RebuildChecker rebuild_checker_;
  RebuildLoss loss_;
  IndexContents indexes_;
  StringReadings strings_;
  DefinitionReadings readings_;
  TableStatistics statistics_;
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

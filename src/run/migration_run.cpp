#include "run/migration_run.h"

#include <utility>

#include "run/expected_tables.h"
#include "run/turn_around.h"
#include "session/run_lock.h"
#include "session/transaction.h"

namespace whimbrel::run {

namespace {

/// Calls `function`; any exception becomes an Error that names the migration.
template <class Function>
void with_name(const std::string& name, Function function) {
  try {
    function();
  } catch (Error& error) {
    if (error.migration().empty()) error.with_migration(name);
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::migration, "The migration " + name + " failed: " + error.what()).with_migration(name);
  } catch (...) {
    throw Error(ErrorKind::migration, "The migration " + name + " threw an exception that is not a std::exception.")
        .with_migration(name);
  }
}

std::string quoted_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "\"" : ", \"") + name + '"';
  return text;
}

std::vector<change::TableChange> known_tables(const Migration& migration) {
  const char* const tables = migration.tables();
  return tables == nullptr ? std::vector<change::TableChange>() : change::read_table_changes(tables);
}

/// Returns the names of tables that the migration rebuilds or drops, which were checked before it runs.
std::vector<std::string> checked_tables(const std::vector<change::TableChange>& known, Direction direction) {
  std::vector<std::string> names;
  for (const change::TableChange& change : known) {
    const change::TableAction way = direction == Direction::up ? change.up : change.down;
    if (way != change::TableAction::rebuilt && way != change::TableAction::dropped) continue;
    names.push_back(change.name_before.name);
    names.push_back(change.name_after.name);
  }
  return names;
}

}  // namespace

MigrationRun::MigrationRun(session::Session& session, Direction direction, const ExecutionOptions& options,
                           Select select)
    : session_(session),
      direction_(direction),
      options_(options),
      mode_(options.transaction.value_or(session.options().transaction)),
      policy_(session.dialect(), mode_),
      select_(std::move(select)) {}

std::vector<MigrationResult> MigrationRun::run() {
  const session::Session::Work work(session_);
  const Records applied = session_.history().read_names(session_.connection());
  // A migration that is partially applied may be one that another run is at: only the lock tells.
  read_partial();
  const bool waits_for_lock = partial_ && !options_.dry_run;
  std::vector<Step> steps;
  if (!waits_for_lock) steps = select(applied);
  if (!waits_for_lock && steps.empty()) return {};
  if (applied.empty() && !options_.fake) session_.require_own();
  if (options_.dry_run) {
    run_dry(make_tasks(std::move(steps)));
  } else if (policy_.joins_migrations()) {
    run_together();
  } else if (mode_ == TransactionMode::none || policy_.keeps_journal()) {
    run_under_one_lock();
  } else {
    run_each(make_tasks(std::move(steps)));
  }
  return std::move(done_);
}

void MigrationRun::read_partial() { partial_ = session_.journal().read(session_.connection()); }

std::vector<Step> MigrationRun::select(const Records& applied) const {
  return select_(applied, partial_ ? &*partial_ : nullptr);
}

std::vector<MigrationRun::Task> MigrationRun::make_tasks(std::vector<Step> steps) const {
  std::vector<Task> tasks;
  tasks.reserve(steps.size());
  for (Step& step : steps) tasks.push_back(make_task(std::move(step)));
  refuse_wishes(tasks);
  return tasks;
}

MigrationRun::Task MigrationRun::make_task(Step step) const {
  Task task;
  task.step = std::move(step);
  if (options_.fake) return task;
  with_name(task.step.name(), [&] {
    task.step.migration->use([&](Migration& migration) { task.transaction = migration.transaction(); });
  });
  return task;
}

void MigrationRun::refuse_wishes(const std::vector<Task>& tasks) const {
  std::vector<std::string> names;
  for (const Task& task : tasks) {
    if (!policy_.grants(task.transaction)) names.push_back(task.step.name());
  }
  if (names.empty()) return;
  throw Error(ErrorKind::migration,
              "Migrations " + quoted_names(names) +
                  " choose their own transaction mode, which is not possible when all migrations share one "
                  "transaction (mode \"all\").")
      .with_migration(names.front())
      .with_remedy("Run with the transaction mode `each`: --transaction each, or DataSourceOptions::transaction.");
}

void MigrationRun::run_dry(const std::vector<Task>& tasks) {
  session::ShadowSchema schema(session_.dialect(), session_.naming(), session_.connection());
  TableStates states(session_.dialect());
  bool is_known = true;  // Until a hand-written migration.
  for (const Task& task : tasks) {
    session::RecordingBackend backend(policy_.encloses(task.transaction), schema);
    if (!options_.fake) {
      with_name(task.step.name(), [&] {
        require_imagined(task, states, is_known);
        call(task, backend, {});
      });
    }
    MigrationResult applied{task.step.name()};
    applied.statements = backend.statements();
    applied.script = backend.take();
    if (options_.on_done) options_.on_done(applied);
    done_.push_back(std::move(applied));
  }
}

void MigrationRun::run_together() {
  const std::unique_ptr<dialect::SafetyGuard> guard = make_guard();
  std::vector<MigrationResult> applied;
  const session::RunLock lock(session_, session::RunLock::Around::transaction);
  session::Transaction transaction(session_);
  read_under_lock();
  read_partial();
  for (const Task& task : make_tasks(select(state_.records))) applied.push_back(apply(task, guard.get(), true));
  if (guard) guard->before_commit();
  transaction.commit();
  if (guard) guard->finish();
  for (MigrationResult& one : applied) finish(std::move(one));
}

void MigrationRun::run_each(const std::vector<Task>& tasks) {
  for (const Task& task : tasks) {
    const bool enclosed = policy_.encloses(task.transaction);
    const session::RunLock lock(session_,
                                enclosed ? session::RunLock::Around::transaction : session::RunLock::Around::run);
    enclosed ? run_enclosed(task) : run_unenclosed(task);
  }
}

// Another run may have ended inside a migration, or completed it, before this one got the lock.
void MigrationRun::run_under_one_lock() {
  const session::RunLock lock(session_, session::RunLock::Around::run);
  read_under_lock();
  read_partial();
  const std::vector<Task> tasks = make_tasks(select(state_.records));
  if (policy_.keeps_journal() && !tasks.empty()) session_.journal().prepare(session_.connection());
  for (const Task& task : tasks) {
    policy_.encloses(task.transaction) ? run_enclosed(task) : run_unenclosed(task);
  }
}

void MigrationRun::run_enclosed(const Task& task) {
  const std::unique_ptr<dialect::SafetyGuard> guard = make_guard();
  if (policy_.makes_history_first()) prepare_history();
  const std::optional<history::PartialMigration> partial = prepare_journal(task);
  MigrationResult applied;
  {
    session::Transaction transaction(session_);
    if (!(partial && partial->is_begun) && !is_still_wanted(task)) return;
    applied = apply(task, guard.get(), true, partial);
    with_name(task.step.name(), [&] {
      if (guard) guard->before_commit();
      transaction.commit();
    });
  }
  if (guard) guard->finish();
  finish(std::move(applied));
}

void MigrationRun::run_unenclosed(const Task& task) {
  const std::unique_ptr<dialect::SafetyGuard> guard = make_guard();
  if (policy_.makes_history_first()) prepare_history();
  const std::optional<history::PartialMigration> partial = prepare_journal(task);
  if (!(partial && partial->is_begun) && !is_still_wanted(task)) return;
  try {
    if (guard) guard->hold_together();
    MigrationResult applied = apply(task, guard.get(), false, partial);
    if (guard) with_name(task.step.name(), [&] { guard->before_commit(), guard->finish(); });
    finish(std::move(applied));
  } catch (Error& error) {
    const bool all_undone = !keep_done(guard.get());
    session::roll_back(session_);
    session::tell_what_stays(error, session_.dialect(),
                             {.reverting = direction_ == Direction::down,
                              .in_journal = partial.has_value(),
                              .enclosed = false,
                              .all_undone = all_undone,
                              .is_first = done_.empty()});
    throw;
  }
}

bool MigrationRun::keep_done(dialect::SafetyGuard* guard) const noexcept {
  try {
    return guard == nullptr || guard->keep_done();
  } catch (const std::exception& error) {
    session_.log(LogLevel::error, std::string("The changes of the migration were undone: ") + error.what());
    return false;
  }
}

void MigrationRun::read_under_lock() {
  state_ = session_.history().read(session_.connection());
  is_state_locked_ = true;
}

void MigrationRun::prepare_history() {
  if (!is_state_locked_) read_under_lock();
  if (direction_ == Direction::down) return;
  if (!state_.table_exists) session_.dialect().mark_own(session_.connection(), session_.options().application_id);
  session_.history().prepare(session_.connection(), state_);
}

std::optional<history::PartialMigration> MigrationRun::prepare_journal(const Task& task) {
  if (!policy_.keeps_journal()) return std::nullopt;
  history::PartialMigration own{.name = task.step.name(),
                                .reverting = direction_ == Direction::down,
                                .checksum = options_.fake ? std::string() : task.step.migration->checksum,
                                .entries = {},
                                .is_begun = false};
  if (options_.fake) return is_partial(task) ? partial_ : std::nullopt;
  if (!partial_) return own;
  if (!is_partial(task)) {
    throw Error(ErrorKind::busy, "Another run did not complete the migration " + partial_->name + '.')
        .with_migration(partial_->name)
        .with_remedy("Run the command again to continue it.");
  }
  with_name(own.name, [&] {
    if (partial_->reverting != own.reverting) partial_ = turn_around(session_, *task.step.migration, *partial_);
  });
  return partial_;
}

// Another runner may have finished before this one got the lock.
bool MigrationRun::is_still_wanted(const Task& task) {
  if (!is_state_locked_) read_under_lock();
  const bool is_applied = state_.table_exists && session_.history().contains(session_.connection(), task.step.name());
  return is_applied == (direction_ == Direction::down);
}

MigrationResult MigrationRun::apply(const Task& task, dialect::SafetyGuard* guard, bool enclosed,
                                    const std::optional<history::PartialMigration>& partial) {
  MigrationResult applied{task.step.name()};
  std::optional<session::StatementJournal> journal;
  if (partial && !options_.fake) with_name(applied.name, [&] { journal.emplace(session_, *partial); });
  session::ConnectionBackend backend(session_, guard, enclosed, journal ? &*journal : nullptr);
  try {
    with_name(applied.name, [&] { run_and_record(task, backend, applied); });
  } catch (Error& error) {
    const session::Progress progress{.reverting = direction_ == Direction::down,
                                     .in_journal = journal.has_value(),
                                     .statements_kept = backend.statements_kept(),
                                     .is_first = done_.empty()};
    if (enclosed) session::tell_what_stays(error, session_.dialect(), progress);
    throw;
  }
  return applied;
}

void MigrationRun::run_and_record(const Task& task, session::ConnectionBackend& backend, MigrationResult& applied) {
  session_.log(LogLevel::info, (direction_ == Direction::up ? "Running " : "Reverting ") + applied.name + '.');
  session_.stop_if_interrupted();
  const auto start = std::chrono::steady_clock::now();
  if (!options_.fake) {
    std::vector<change::TableChange> known;
    call(task, backend, [&](const Migration& migration) {
      known = known_tables(migration);
      // One that is continued has changed them already.
      if (!known.empty() && !backend.is_continued()) require_expected_tables(session_, applied.name, known, direction_);
      backend.watch_rebuilds({[&] { return written_statements(task); }, checked_tables(known, direction_)});
    });
    if (backend.is_continued()) require_reached_tables(session_, applied.name, known, direction_);
    applied.statements = backend.statements();
  }
  applied.duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  write_history(task, applied);
}

void MigrationRun::call(const Task& task, session::MigrationBackend& backend,
                        const std::function<void(const Migration&)>& before) const {
  QueryRunner runner(backend);
  task.step.migration->use([&](Migration& migration) {
    if (before) before(migration);
    if (direction_ == Direction::up) {
      migration.up(runner);
    } else {
      migration.down(runner);
    }
  });
  backend.require_good_end();
}

// Both directions are recorded once more, without a database. Because there are no rows, statements after an error are
// unknown.
dialect::WrittenStatements MigrationRun::written_statements(const Task& task) const {
  dialect::WrittenStatements written;
  session::ShadowSchema schema(session_.dialect(), session_.naming(), session_.connection());
  for (const Direction direction : {Direction::up, Direction::down}) {
    session::RecordingBackend backend(true, schema);
    QueryRunner runner(backend);
    try {
      task.step.migration->use(
          [&](Migration& migration) { direction == Direction::up ? migration.up(runner) : migration.down(runner); });
    } catch (...) {
      if (direction == direction_) written.complete = false;
    }
    for (std::string& statement : backend.take()) written.statements.push_back(std::move(statement));
  }
  return written;
}

void MigrationRun::require_imagined(const Task& task, TableStates& states, bool& is_known) const {
  const std::optional<std::vector<change::TableChange>> changes = tables_of(*task.step.migration);
  is_known = is_known && changes;
  if (!is_known) return;
  // One inside which a run ended has changed them already.
  if (!is_partial(task)) require_expected_tables(session_, task.step.name(), *changes, direction_, &states);
  states.apply(task.step.name(), *changes, direction_);
}

void MigrationRun::write_history(const Task& task, const MigrationResult& applied) {
  if (direction_ == Direction::up) prepare_history();
  std::optional<session::Transaction> own;
  if (policy_.keeps_journal()) {
    if (!session_.connection().is_transaction_active()) own.emplace(session_);
    session_.journal().clear(session_.connection());
  }
  direction_ == Direction::up ? add_record(task, applied) : remove_record(task);
  if (own) own->commit();
}

// A migration that was partially reverted and is applied again has its record.
void MigrationRun::add_record(const Task& task, const MigrationResult& applied) {
  const history::History& history = session_.history();
  dialect::Connection& connection = session_.connection();
  if (is_partial(task) && history.contains(connection, task.step.name())) return;
  history::Record record;
  record.timestamp = task.step.migration->timestamp;
  record.name = task.step.migration->name;
  record.checksum = task.step.migration->checksum;
  record.applied_at = history::current_time();
  if (!options_.fake) record.duration_ms = applied.duration.count();
  history.add(connection, record);
}

// One that was partially applied has none, unless it was completed since.
void MigrationRun::remove_record(const Task& task) {
  if (task.step.record.id != 0) return session_.history().remove(session_.connection(), task.step.record);
  for (const history::Record& record : session_.history().read(session_.connection()).records) {
    if (record.name == task.step.name()) session_.history().remove(session_.connection(), record);
  }
}

void MigrationRun::finish(MigrationResult applied) {
  const char* const fake = options_.fake ? " in the history only" : "";
  session_.log(LogLevel::info, applied.name + (direction_ == Direction::up ? " is applied" : " is reverted") + fake +
                                   " (" + std::to_string(applied.statements) + " statements, " +
                                   std::to_string(applied.duration.count()) + " ms).");
  if (options_.on_done) options_.on_done(applied);
  done_.push_back(std::move(applied));
  partial_.reset();
}

std::unique_ptr<dialect::SafetyGuard> MigrationRun::make_guard() const {
  return options_.fake ? nullptr : session_.dialect().guard(session_.connection());
}

}  // namespace whimbrel::run

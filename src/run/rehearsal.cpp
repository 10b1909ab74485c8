#include "run/rehearsal.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "change/ownership.h"
#include "session/backend.h"
#include "session/transaction.h"

namespace whimbrel::run {

namespace {

using dialect::StatementEffect;
using history::JournalEntry;
using history::PartialMigration;

/// Ends a direction where it should end.
struct EndOfRun : std::exception {};

DataSourceOptions quiet(DataSourceOptions options) {
  options.logger = nullptr;
  return options;
}

model::Schema read_schema(session::Session& session, dialect::Connection& connection) {
  model::Schema schema = change::without_history(session, session.dialect().inspect(connection, {.objects = true}));
  for (model::Table& table : schema.tables) {
    for (model::Trigger& trigger : table.triggers) trigger.session.clear();
  }
  for (model::Object& object : schema.objects) object.session.clear();
  return schema;
}

}  // namespace

bool changes_rows(const dialect::Dialect& dialect, const JournalEntry& entry) {
  if (entry.is_operation()) return false;
  const StatementEffect effect = dialect.effect(entry.text);
  return effect == StatementEffect::rows || effect == StatementEffect::program || effect == StatementEffect::unknown;
}

// In a session of its own: the texts of definitions depend on settings that the migration may have changed.
model::Schema read_schema(session::Session& session) {
  const std::unique_ptr<dialect::Connection> apart = session.connection().open_again();
  return read_schema(session, apart == nullptr ? session.connection() : *apart);
}

Rehearsal::Rehearsal(session::Session& session, const session::KnownMigration& migration)
    : original_(session), migration_(migration), session_(quiet(session.options())) {
  std::unique_ptr<dialect::Connection> scratch = session.connection().open_scratch();
  if (scratch == nullptr) scratch = session.dialect().open_scratch(session.connection(), 0);
  session_.connect_to(std::move(scratch));
  session_.journal().prepare(session_.connection());
  reader_ = session_.connection().open_again();
}

model::Schema Rehearsal::read() { return read_schema(session_, reader_ == nullptr ? session_.connection() : *reader_); }

void Rehearsal::replay(bool with_this) {
  bool is_done = !with_this;
  for (const history::Record& record : original_.history().read(original_.connection()).records) {
    const session::KnownMigration* const known = original_.find_migration(record.name);
    const bool is_this = record.name == migration_.name;
    if (known == nullptr || (is_this && !with_this)) continue;
    run_up(*known);
    is_done = is_done || is_this;
  }
  if (!is_done) run_up(migration_);
}

Course Rehearsal::run(bool down, std::int64_t last) {
  session_.journal().clear(session_.connection());
  Course course{.stops = {{.schema = read()}}};
  session::StatementJournal journal(session_, {.name = migration_.name, .reverting = down});
  journal.on_recorded([&](const JournalEntry& entry) {
    const StatementEffect effect = session_.dialect().effect(entry.text);
    const bool is_permanent = effect == StatementEffect::schema;
    course.stops.push_back({entry.ordinal, entry.hash, changes_rows(session_.dialect(), entry), is_permanent,
                            !entry.is_operation() && !entry.result.empty(), effect == StatementEffect::unknown,
                            is_permanent ? read() : course.stops.back().schema});
    if (entry.ordinal == last) throw EndOfRun();
  });
  try {
    call(journal, down);
  } catch (const EndOfRun&) {
  } catch (const std::exception&) {
    course.is_whole = false;
    session::roll_back(session_);
  }
  return course;
}

model::Schema Rehearsal::complete(const PartialMigration& partial) {
  session_.journal().write(session_.connection(), partial);
  session::StatementJournal journal(session_, partial);
  try {
    call(journal, partial.reverting);
  } catch (const std::exception&) {
    session::roll_back(session_);
  }
  return read();
}

std::vector<JournalEntry> Rehearsal::entries(std::int64_t last) {
  std::optional<PartialMigration> partial = session_.journal().read(session_.connection());
  if (!partial) return {};
  std::vector<JournalEntry> entries = std::move(partial->entries);
  std::erase_if(entries, [&](const JournalEntry& entry) { return entry.ordinal > last; });
  for (JournalEntry& entry : entries) {
    if (!entry.is_operation() || entry.result.empty() || std::stoll(entry.result) <= last) continue;
    entry.is_done = false;
    entry.result.clear();
  }
  return entries;
}

void Rehearsal::call(session::StatementJournal& journal, bool down) {
  const std::unique_ptr<dialect::SafetyGuard> guard = session_.dialect().guard(session_.connection());
  session::ConnectionBackend backend(session_, guard.get(), false, &journal);
  QueryRunner runner(backend);
  migration_.use([&](Migration& migration) { down ? migration.down(runner) : migration.up(runner); });
}

void Rehearsal::run_up(const session::KnownMigration& known) {
  original_.stop_if_interrupted();
  const std::unique_ptr<dialect::SafetyGuard> guard = session_.dialect().guard(session_.connection());
  session::TolerantBackend backend(*guard, {&session_.dialect(), &session_.connection(), &session_.naming()});
  QueryRunner runner(backend);
  try {
    known.use([&](Migration& migration) { migration.up(runner); });
  } catch (const std::exception&) {
  }
}

}  // namespace whimbrel::run

#include "run/turn_around.h"

#include <algorithm>
#include <optional>
#include <set>

#include "change/ownership.h"
#include "session/backend.h"
#include "session/transaction.h"

namespace whimbrel::run {

namespace {

using dialect::StatementEffect;
using history::JournalEntry;
using history::PartialMigration;

/// The state after a statement.
struct Stop {
  std::int64_t ordinal = 0;  ///< Of the statement; 0: the state before the first.
  bool changes_rows = false;
  model::Schema schema;
};

/// The migration on an empty scratch database.
class Rehearsal {
 public:
  Rehearsal(Session& session, const KnownMigration& migration)
      : original_(session), migration_(migration), session_(quiet(session.options())) {
    std::unique_ptr<dialect::Connection> scratch = session.connection().open_scratch();
    if (scratch == nullptr) scratch = session.dialect().open_scratch(session.connection(), 0);
    session_.connect_to(std::move(scratch));
    session_.journal().prepare(session_.connection());
  }

  /// Replays the applied migrations, this one only if it is wanted.
  void replay(bool with_this) {
    bool is_done = !with_this;
    for (const history::Record& record : original_.history().read(original_.connection()).records) {
      const KnownMigration* const known = original_.find_migration(record.name);
      const bool is_this = record.name == migration_.name;
      if (known == nullptr || (is_this && !with_this)) continue;
      run_up(*known);
      is_done = is_done || is_this;
    }
    if (!is_done) run_up(migration_);
  }

  /// Runs one direction and returns its stops. An error ends it: without rows, this can be correct.
  std::vector<Stop> run(bool down) {
    session_.journal().clear(session_.connection());
    std::vector<Stop> stops{{.schema = schema()}};
    StatementJournal journal(session_, {.name = migration_.name, .reverting = down});
    journal.on_recorded([&](const JournalEntry& entry) {
      const bool changes_rows = entry.result.empty() && session_.dialect().effect(entry.text) == StatementEffect::rows;
      stops.push_back({entry.ordinal, changes_rows, changes_rows ? stops.back().schema : schema()});
    });
    const std::unique_ptr<dialect::SafetyGuard> guard = session_.dialect().guard(session_.connection());
    ConnectionBackend backend(session_, guard.get(), false, &journal);
    QueryRunner runner(backend);
    try {
      migration_.use([&](Migration& migration) { down ? migration.down(runner) : migration.up(runner); });
    } catch (const std::exception&) {
      roll_back(session_);
    }
    return stops;
  }

  /// Returns the entries of the last run(), up to this ordinal.
  [[nodiscard]] std::vector<JournalEntry> entries(std::int64_t last) {
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

 private:
  static DataSourceOptions quiet(DataSourceOptions options) {
    options.logger = nullptr;
    return options;
  }

  [[nodiscard]] model::Schema schema() {
    return without_history(session_, session_.dialect().inspect(session_.connection(), {.objects = true}));
  }

  void run_up(const KnownMigration& known) {
    original_.stop_if_interrupted();
    const std::unique_ptr<dialect::SafetyGuard> guard = session_.dialect().guard(session_.connection());
    TolerantBackend backend(*guard, {&session_.dialect(), &session_.connection(), &session_.naming()});
    QueryRunner runner(backend);
    try {
      known.use([&](Migration& migration) { migration.up(runner); });
    } catch (const std::exception&) {
    }
  }

  Session& original_;
  const KnownMigration& migration_;
  Session session_;
};

/// The objects that a migration changes; others may differ from those of a scratch database.
class ChangedObjects {
 public:
  explicit ChangedObjects(const std::vector<Stop>& stops) {
    for (std::size_t i = 1; i < stops.size(); ++i) {
      collect(stops[i - 1].schema, stops[i].schema);
      collect(stops[i].schema, stops[i - 1].schema);
    }
  }

  [[nodiscard]] bool are_same(const model::Schema& a, const model::Schema& b) const {
    const auto all = [](const auto& names, const auto& list_a, const auto& list_b) {
      return std::all_of(names.begin(), names.end(),
                         [&](const model::Name& name) { return is_same(find(list_a, name), find(list_b, name)); });
    };
    return all(tables_, a.tables, b.tables) && all(views_, a.views, b.views) && all(objects_, a.objects, b.objects);
  }

 private:
  template <class T>
  static const T* find(const std::vector<T>& list, const model::Name& name) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const T& one) { return one.name == name; });
    return found == list.end() ? nullptr : &*found;
  }
  template <class T>
  static bool is_same(const T* a, const T* b) {
    return a == nullptr || b == nullptr ? a == b : *a == *b;
  }
  // A column that comes back comes back at the end.
  static bool is_same(const model::Table* a, const model::Table* b) {
    if (a == nullptr || b == nullptr) return a == b;
    const auto sorted = [](const model::Table& table) {
      model::Schema schema;
      schema.tables.push_back(table);
      schema = model::canonical(std::move(schema));
      std::vector<model::Column>& columns = schema.tables.front().columns;
      std::sort(columns.begin(), columns.end(),
                [](const model::Column& one, const model::Column& other) { return one.name < other.name; });
      return schema.tables.front();
    };
    return sorted(*a) == sorted(*b);
  }
  template <class T>
  static void collect(std::set<model::Name>& names, const std::vector<T>& from, const std::vector<T>& to) {
    for (const T& one : from) {
      if (!is_same(&one, find(to, one.name))) names.insert(one.name);
    }
  }
  void collect(const model::Schema& from, const model::Schema& to) {
    collect(tables_, from.tables, to.tables);
    collect(views_, from.views, to.views);
    collect(objects_, from.objects, to.objects);
  }

  std::set<model::Name> tables_, views_, objects_;
};

Error no_way_back(const PartialMigration& partial, const std::string& reason) {
  const std::string here = partial.reverting ? "revertmigration" : "migrations";
  return Error(ErrorKind::migration,
               "An earlier run ended inside the migration, and whimbrel cannot undo what it did: " + reason +
                   ". Nothing was changed.")
      .with_remedy("Complete it with `" + here + "`; or undo it by hand, and record that with `" +
                   (partial.reverting ? "migrations" : "revertmigration") + " --fake`.");
}

/// The statements on rows since the last change of the schema.
struct RowSteps {
  std::size_t done = 0;  ///< How many the earlier run has completed.
  std::size_t all = 0;   ///< How many there are before the next change of the schema.
};

RowSteps row_steps(const std::vector<Stop>& stops, std::int64_t last) {
  RowSteps steps;
  for (const Stop& stop : stops) {
    if (stop.ordinal == 0) continue;
    if (stop.ordinal <= last && !stop.changes_rows) steps = {};
    if (stop.ordinal > last && !stop.changes_rows) break;
    if (!stop.changes_rows) continue;
    ++steps.all;
    if (stop.ordinal <= last) ++steps.done;
  }
  return steps;
}

/// Returns the stop of the other direction from which it undoes what was done.
const Stop& find_stop(const PartialMigration& partial, const std::vector<Stop>& stops, const model::Schema& current,
                      const RowSteps& rows) {
  const ChangedObjects changed(stops);
  std::vector<std::size_t> same;
  for (std::size_t i = 0; i < stops.size(); ++i) {
    if (changed.are_same(stops[i].schema, current)) same.push_back(i);
  }
  const std::string other = partial.reverting ? "`up`" : "`down`";
  if (same.empty()) throw no_way_back(partial, "no statement of " + other + " leads to the present schema");
  for (std::size_t i = 1; i < same.size(); ++i) {
    if (same[i] == same[i - 1] + 1 && stops[same[i]].changes_rows) continue;
    throw no_way_back(partial, "several statements of " + other + " lead to the present schema");
  }
  // Between the stops, rows change. What this direction has not changed need not be changed back.
  const std::size_t count = same.size() - 1;
  if (count == 0) return stops[same.front()];
  if (rows.done == rows.all && rows.all > 0) return stops[same.front()];
  if (rows.done == 0) return stops[same.back()];
  if (count == rows.all) return stops[same.front() + count - rows.done];
  throw no_way_back(partial, "it is not clear which of its changes to rows " + other + " has to undo");
}

}  // namespace

PartialMigration turn_around(Session& session, const KnownMigration& migration, const PartialMigration& partial) {
  // Decides a statement that was running at the end.
  const StatementJournal resolved(session, partial);
  const std::int64_t last = resolved.last_earlier();
  Rehearsal rehearsal(session, migration);
  rehearsal.replay(partial.reverting);
  const RowSteps rows = row_steps(rehearsal.run(partial.reverting), last);
  const std::vector<Stop> stops = rehearsal.run(!partial.reverting);
  const model::Schema current =
      without_history(session, session.dialect().inspect(session.connection(), {.objects = true}));
  PartialMigration turned = partial;
  turned.reverting = !partial.reverting;
  turned.entries = rehearsal.entries(find_stop(partial, stops, current, rows).ordinal);
  Transaction transaction(session);
  session.journal().clear(session.connection());
  for (const JournalEntry& entry : turned.entries) session.journal().add(session.connection(), turned, entry);
  transaction.commit();
  return turned;
}

}  // namespace whimbrel::run

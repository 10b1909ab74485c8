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

bool changes_rows(const dialect::Dialect& dialect, const JournalEntry& entry) {
  if (entry.is_operation()) return false;
  const StatementEffect effect = dialect.effect(entry.text);
  return effect == StatementEffect::rows || effect == StatementEffect::program || effect == StatementEffect::unknown;
}

/// Returns what the migrations have made. The settings of the sessions that created it follow from the server at that
/// time.
model::Schema read_schema(Session& session) {
  model::Schema schema = without_history(session, session.dialect().inspect(session.connection(), {.objects = true}));
  for (model::Table& table : schema.tables) {
    for (model::Trigger& trigger : table.triggers) trigger.session.clear();
  }
  for (model::Object& object : schema.objects) object.session.clear();
  return schema;
}

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

  /// Runs one direction. An error ends it.
  Course run(bool down) {
    session_.journal().clear(session_.connection());
    Course course{.stops = {{.schema = schema()}}};
    StatementJournal journal(session_, {.name = migration_.name, .reverting = down});
    journal.on_recorded([&](const JournalEntry& entry) {
      const StatementEffect effect = session_.dialect().effect(entry.text);
      const bool is_permanent = effect == StatementEffect::schema;
      course.stops.push_back({entry.ordinal, entry.hash, changes_rows(session_.dialect(), entry), is_permanent,
                              !entry.is_operation() && !entry.result.empty(), effect == StatementEffect::unknown,
                              is_permanent ? schema() : course.stops.back().schema});
    });
    const std::unique_ptr<dialect::SafetyGuard> guard = session_.dialect().guard(session_.connection());
    ConnectionBackend backend(session_, guard.get(), false, &journal);
    QueryRunner runner(backend);
    try {
      migration_.use([&](Migration& migration) { down ? migration.down(runner) : migration.up(runner); });
    } catch (const std::exception&) {
      course.is_whole = false;
      roll_back(session_);
    }
    return course;
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

  [[nodiscard]] model::Schema schema() { return read_schema(session_); }

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
  ChangedObjects(const Course& one, const Course& other) {
    for (const Course* const course : {&one, &other}) {
      for (std::size_t i = 1; i < course->stops.size(); ++i) {
        collect(course->stops[i - 1].schema, course->stops[i].schema);
        collect(course->stops[i].schema, course->stops[i - 1].schema);
      }
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
               "An earlier run did not complete the migration, and whimbrel cannot undo what it did: " + reason +
                   ". Nothing was changed.")
      .with_remedy("Complete it with `" + here + "`; or undo it by hand, and record that with `" +
                   (partial.reverting ? "migrations" : "revertmigration") + " --fake`.");
}

/// Finds the stop of the other direction from which it undoes what was done. The schema says where that is. Statements
/// on rows leave no trace there, so that they must be the same in both directions: those between the same two changes
/// of the schema, all done or none.
class WayBack {
 public:
  /// `here`: the direction inside which the earlier run ended; `back`: the other one.
  WayBack(const dialect::Dialect& dialect, const PartialMigration& partial, const Course& here, const Course& back)
      : dialect_(dialect), partial_(partial), here_(here), back_(back), changed_(here, back) {}

  [[nodiscard]] const Stop& find(const model::Schema& current) const {
    if (!back_.is_whole) refuse(back_name() + " fails on an empty database with the migrations before it");
    const std::vector<std::size_t> same = stops_with(current);
    if (same.front() == 0 && is_complete()) return back_.stops.front();
    require_predictable(same);
    if (rows_of(back_.stops) == 0) return back_.stops[same.front()];
    if (rows_done() == 0) return stop_before(same, 0);
    if (!is_rehearsed()) refuse_rows();
    require_mirror();
    return require_all_or_none(current) ? back_.stops[same.front()] : back_.stops[same.back()];
  }

 private:
  [[nodiscard]] std::string back_name() const { return partial_.reverting ? "`up`" : "`down`"; }
  [[noreturn]] void refuse(const std::string& reason) const { throw no_way_back(partial_, reason); }
  [[noreturn]] void refuse_rows() const {
    refuse("it is not clear which of its changes to rows " + back_name() + " has to undo");
  }

  static std::size_t rows_of(const std::vector<Stop>& stops) {
    return static_cast<std::size_t>(
        std::count_if(stops.begin(), stops.end(), [](const Stop& s) { return s.changes_rows; }));
  }
  [[nodiscard]] std::size_t rows_after(std::size_t stop) const {
    return rows_of({back_.stops.begin() + static_cast<std::ptrdiff_t>(stop) + 1, back_.stops.end()});
  }
  [[nodiscard]] std::size_t rows_done() const {
    return static_cast<std::size_t>(std::count_if(partial_.entries.begin(), partial_.entries.end(),
                                                  [&](const JournalEntry& e) { return changes_rows(dialect_, e); }));
  }

  /// Returns the stops with this schema, between which only rows change.
  [[nodiscard]] std::vector<std::size_t> stops_with(const model::Schema& current) const {
    std::vector<std::size_t> same;
    for (std::size_t i = 0; i < back_.stops.size(); ++i) {
      if (changed_.are_same(back_.stops[i].schema, current)) same.push_back(i);
    }
    if (same.empty()) refuse("no statement of " + back_name() + " leads to the present schema");
    if (same.back() - same.front() + 1 != same.size()) {
      refuse("several statements of " + back_name() + " lead to the present schema");
    }
    return same;
  }

  /// Refuses what is not the same with rows, or leaves no trace in the schema, such as an exchange of two equal tables.
  void require_predictable(const std::vector<std::size_t>& same) const {
    for (const Stop& stop : back_.stops) {
      if (stop.has_result) refuse("statement " + std::to_string(stop.ordinal) + " of " + back_name() + " reads rows");
      if (!stop.is_unknown) continue;
      refuse("statement " + std::to_string(stop.ordinal) + " of " + back_name() +
             " depends on what the session did before");
    }
    for (std::size_t i = same.front() + 1; i <= same.back(); ++i) {
      if (!back_.stops[i].changes_schema) continue;
      refuse("statement " + std::to_string(back_.stops[i].ordinal) + " of " + back_name() +
             " leaves no trace in the schema");
    }
  }

  /// Returns the first of the stops after which so many statements change rows.
  [[nodiscard]] const Stop& stop_before(const std::vector<std::size_t>& same, std::size_t rows) const {
    for (const std::size_t stop : same) {
      if (rows_after(stop) == rows) return back_.stops[stop];
    }
    refuse_rows();
  }

  /// Statements that depend on rows are others on an empty database.
  [[nodiscard]] bool is_rehearsed() const {
    return std::all_of(partial_.entries.begin(), partial_.entries.end(), [&](const JournalEntry& entry) {
      return entry.is_operation() || std::any_of(here_.stops.begin(), here_.stops.end(), [&](const Stop& stop) {
               return stop.ordinal == entry.ordinal && stop.hash == entry.hash;
             });
    });
  }

  [[nodiscard]] bool is_complete() const {
    return here_.is_whole && !partial_.entries.empty() &&
           partial_.entries.back().ordinal == here_.stops.back().ordinal && is_rehearsed();
  }

  /// The number of statements on rows at each schema.
  struct Plateau {
    const model::Schema* schema;
    std::size_t rows = 0;
  };
  [[nodiscard]] std::vector<Plateau> plateaus(const Course& course) const {
    std::vector<Plateau> result;
    for (const Stop& stop : course.stops) {
      if (result.empty() || !changed_.are_same(*result.back().schema, stop.schema)) result.push_back({&stop.schema});
      if (stop.changes_rows) ++result.back().rows;
    }
    return result;
  }

  /// Rows that change at one schema change back at the same.
  void require_mirror() const {
    const std::vector<Plateau> forth = plateaus(here_);
    const std::vector<Plateau> back = plateaus(back_);
    const bool is_mirror =
        here_.is_whole &&
        std::equal(forth.begin(), forth.end(), back.rbegin(), back.rend(), [&](const Plateau& a, const Plateau& b) {
          return (a.rows == 0) == (b.rows == 0) && changed_.are_same(*a.schema, *b.schema);
        });
    if (!is_mirror) refuse_rows();
  }

  /// Returns whether the statements on rows at the present schema are done.
  [[nodiscard]] bool require_all_or_none(const model::Schema& current) const {
    const std::int64_t last = partial_.entries.empty() ? 0 : partial_.entries.back().ordinal;
    std::size_t all = 0;
    std::size_t done = 0;
    for (const Stop& stop : here_.stops) {
      if (!stop.changes_rows || !changed_.are_same(stop.schema, current)) continue;
      ++all;
      if (stop.ordinal <= last) ++done;
    }
    if (done != 0 && done != all) refuse_rows();
    return done != 0;
  }

  const dialect::Dialect& dialect_;
  const PartialMigration& partial_;
  const Course& here_;
  const Course& back_;
  ChangedObjects changed_;
};

}  // namespace

PartialMigration turn_around(Session& session, const KnownMigration& migration, const PartialMigration& earlier) {
  // Nothing is written until the way back is known.
  const PartialMigration partial = StatementJournal::decided(session, earlier);
  if (StatementJournal::is_undecided(session, partial)) {
    throw no_way_back(partial, "its statement " + std::to_string(partial.entries.back().ordinal) +
                                   " was running, or failed halfway, and it is not known what it did");
  }
  Rehearsal rehearsal(session, migration);
  rehearsal.replay(partial.reverting);
  const Course here = rehearsal.run(partial.reverting);
  const Course back = rehearsal.run(!partial.reverting);
  const model::Schema current = read_schema(session);
  PartialMigration turned = partial;
  turned.reverting = !partial.reverting;
  turned.entries = rehearsal.entries(WayBack(session.dialect(), partial, here, back).find(current).ordinal);
  Transaction transaction(session);
  session.journal().clear(session.connection());
  session.journal().begin(session.connection(), turned);
  for (const JournalEntry& entry : turned.entries) session.journal().add(session.connection(), turned, entry);
  transaction.commit();
  return turned;
}

}  // namespace whimbrel::run

#include "run/way_back.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace whimbrel::run {

namespace {

using history::JournalEntry;
using history::PartialMigration;

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
    const std::vector<bool> same = which_are_same(a, b);
    return std::all_of(same.begin(), same.end(), [](bool is_same) { return is_same; });
  }

  /// Returns for each object whether both have it, and in the same way, or neither has it.
  [[nodiscard]] std::vector<bool> which_are_same(const model::Schema& a, const model::Schema& b) const {
    std::vector<bool> same;
    const auto add = [&](const auto& names, const auto& list_a, const auto& list_b) {
      for (const model::Name& name : names) same.push_back(is_same(find(list_a, name), find(list_b, name)));
    };
    add(tables_, a.tables, b.tables);
    add(views_, a.views, b.views);
    add(objects_, a.objects, b.objects);
    return same;
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

/// Finds the stop of the other direction from which it undoes what was done. The schema says where that is. Statements
/// on rows leave no trace there, so that they must be the same in both directions: those between the same two changes
/// of the schema, all done or none.
class Finder {
 public:
  /// `here`: the direction inside which the earlier run ended; `back`: the other one.
  Finder(const dialect::Dialect& dialect, const PartialMigration& partial, const Course& here, const Course& back)
      : dialect_(dialect), partial_(partial), here_(here), back_(back), changed_(here, back) {}

  [[nodiscard]] WayBack find(const model::Schema& current) const {
    if (!back_.is_whole) refuse(back_name() + " fails on an empty database with the migrations before it");
    require_own(current);
    const std::vector<std::size_t> same = stops_with(current);
    if (same.empty()) return find_by_object(current);
    return {find_stop(current, same).ordinal};
  }

 private:
  [[nodiscard]] const Stop& find_stop(const model::Schema& current, const std::vector<std::size_t>& same) const {
    if (same.front() == 0 && is_complete()) return back_.stops.front();
    require_predictable();
    require_trace(same);
    if (rows_of(back_.stops) == 0) return back_.stops[same.front()];
    if (rows_done() == 0) return stop_before(same, 0);
    if (!is_rehearsed()) refuse_rows();
    require_mirror();
    return require_all_or_none(current) ? back_.stops[same.front()] : back_.stops[same.back()];
  }

  [[nodiscard]] std::string here_name() const { return partial_.reverting ? "`down`" : "`up`"; }
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
    if (same.empty()) return same;
    if (same.back() - same.front() + 1 != same.size()) {
      refuse("several statements of " + back_name() + " lead to the present schema");
    }
    return same;
  }

  /// Refuses a schema that is further than the statements that were run: what another session has made is not undone.
  void require_own(const model::Schema& current) const {
    const bool is_one_left = std::any_of(partial_.entries.begin(), partial_.entries.end(),
                                         [](const JournalEntry& entry) { return !entry.is_done; });
    if (is_one_left || !is_rehearsed()) return;
    const std::int64_t last = partial_.entries.empty() ? 0 : partial_.entries.back().ordinal;
    const auto after =
        std::find_if(here_.stops.begin(), here_.stops.end(), [&](const Stop& stop) { return stop.ordinal > last; });
    if (changed_.are_same(std::prev(after)->schema, current)) return;
    refuse("the present schema is not the one in which statement " + std::to_string(last) + " of " + here_name() +
           " left it");
  }

  /// Refuses what is not the same with rows.
  void require_predictable() const {
    for (const Stop& stop : back_.stops) {
      if (stop.has_result) refuse("statement " + std::to_string(stop.ordinal) + " of " + back_name() + " reads rows");
      if (!stop.is_unknown) continue;
      refuse("statement " + std::to_string(stop.ordinal) + " of " + back_name() +
             " depends on what the session did before");
    }
  }

  /// Refuses what leaves no trace in the schema, such as an exchange of two equal tables.
  void require_trace(const std::vector<std::size_t>& same) const {
    for (std::size_t i = same.front() + 1; i <= same.back(); ++i) {
      if (!back_.stops[i].changes_schema) continue;
      refuse("statement " + std::to_string(back_.stops[i].ordinal) + " of " + back_name() +
             " leaves no trace in the schema");
    }
  }

  /// The directions may change the objects in different orders. Then each object says for itself how far back it is:
  /// a statement is left to do if it comes after the state that its objects have.
  [[nodiscard]] WayBack find_by_object(const model::Schema& current) const {
    const std::string nowhere = "no statement of " + back_name() + " leads to the present schema";
    require_predictable();
    if (!here_.is_whole || !is_rehearsed() || !are_done()) refuse(nowhere);
    if (rows_of(back_.stops) != 0) refuse_rows();
    std::vector<std::vector<bool>> same;
    for (const Stop& stop : back_.stops) same.push_back(changed_.which_are_same(stop.schema, current));
    WayBack way;
    for (std::size_t i = 1; i < back_.stops.size(); ++i) {
      if (!back_.stops[i].changes_schema) continue;
      const std::vector<bool> stays = changed_.which_are_same(back_.stops[i - 1].schema, back_.stops[i].schema);
      std::optional<bool> is_left;
      for (std::size_t object = 0; object < stays.size(); ++object) {
        if (stays[object]) continue;
        const bool is_before = is_one_before(same, object, i);
        const bool is_after = is_one_from(same, object, i);
        if (is_before == is_after || is_left.value_or(is_before) != is_before) refuse(nowhere);
        is_left = is_before;
      }
      if (!is_left)
        refuse("statement " + std::to_string(back_.stops[i].ordinal) + " of " + back_name() +
               " leaves no trace in the schema");
      if (*is_left) {
        way.left.insert(back_.stops[i].ordinal);
      } else {
        way.last = back_.stops[i].ordinal;
      }
    }
    way.left.erase(way.left.upper_bound(way.last), way.left.end());
    return way;
  }

  /// Return whether the object has its present state before the statement of a stop, or from it on.
  static bool is_one_before(const std::vector<std::vector<bool>>& same, std::size_t object, std::size_t stop) {
    return std::any_of(same.begin(), same.begin() + static_cast<std::ptrdiff_t>(stop),
                       [&](const std::vector<bool>& objects) { return objects[object]; });
  }
  static bool is_one_from(const std::vector<std::vector<bool>>& same, std::size_t object, std::size_t stop) {
    return std::any_of(same.begin() + static_cast<std::ptrdiff_t>(stop), same.end(),
                       [&](const std::vector<bool>& objects) { return objects[object]; });
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

  /// A migration that was turned around before may have others between them.
  [[nodiscard]] bool are_done() const {
    return std::all_of(partial_.entries.begin(), partial_.entries.end(),
                       [](const JournalEntry& entry) { return entry.is_done; });
  }

  [[nodiscard]] bool is_complete() const {
    return here_.is_whole && !partial_.entries.empty() &&
           partial_.entries.back().ordinal == here_.stops.back().ordinal && are_done() && is_rehearsed();
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

Error no_way_back(const PartialMigration& partial, const std::string& reason) {
  const std::string here = partial.reverting ? "revertmigration" : "migrations";
  return Error(ErrorKind::migration,
               "An earlier run did not complete the migration, and whimbrel cannot undo what it did: " + reason +
                   ". Nothing was changed.")
      .with_remedy("Complete it with `" + here + "`; or undo it by hand, and record that with `" +
                   (partial.reverting ? "migrations" : "revertmigration") + " --fake`.");
}

WayBack find_way_back(const dialect::Dialect& dialect, const PartialMigration& partial, const Course& here,
                      const Course& back, const model::Schema& current) {
  return Finder(dialect, partial, here, back).find(current);
}

bool leads_to(const model::Schema& end, const model::Schema& wanted, const Course& here, const Course& back) {
  return ChangedObjects(here, back).are_same(end, wanted);
}

}  // namespace whimbrel::run

#include "diff/renames.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "diff/rename_order.h"
#include "diff/table_index.h"
#include "whimbrel/error.h"

namespace whimbrel::diff {

namespace {

using namespace operation;
using model::Column;
using model::Name;
using model::Schema;
using model::Table;
using Part = RenameStep::Part;

/// An existing object, and the one that it becomes.
template <class T>
struct Pair {
  const T* before;
  const T* after;
  NamePair names{};  ///< Folded.
  bool stays = false;
};

template <class T>
std::vector<NamePair> names_of(const std::vector<Pair<T>>& pairs) {
  std::vector<NamePair> names;
  names.reserve(pairs.size());
  for (const Pair<T>& pair : pairs) names.push_back(pair.names);
  return names;
}

/// The first decision about a name counts.
template <class T>
void add(std::vector<Pair<T>>& pairs, Pair<T> pair) {
  if (pair.names.from == pair.names.to) return;
  const bool is_decided = std::any_of(pairs.begin(), pairs.end(), [&](const Pair<T>& other) {
    return other.names.from == pair.names.from || other.names.to == pair.names.to;
  });
  if (!is_decided) pairs.push_back(std::move(pair));
}

std::string temporary_name(const std::string& name, const model::NameLimit& limit,
                           const std::function<bool(const std::string&)>& is_taken) {
  std::string temporary = "temporary_" + name;
  while (is_taken(limit.shortened(temporary))) temporary = "temporary_" + temporary;
  return limit.shortened(temporary);
}

class Finder {
 public:
  Finder(const Schema& current, const Schema& desired, const Matcher& match, const Answers& answers,
         const Ownership& ownership)
      : current_(current),
        desired_(desired),
        match_(match),
        answers_(answers),
        ownership_(ownership),
        current_tables_(match, current.tables),
        desired_tables_(match, desired.tables) {}

  std::vector<Operation> find() {
    rename_tables();
    rename_values();
    rename_attributes();
    rename_columns();
    return std::move(renames_);
  }

 private:
  [[nodiscard]] std::string key(const Name& name, NameKind kind = NameKind::table) const {
    const Name folded = match_.fold_name(kind, name);
    return folded.schema + '\0' + folded.name;
  }

  void rename_tables() {
    std::vector<Pair<Table>> pairs;
    for (const auto& [from, to, stays] : answers_.table_renames) {
      const Table* before = current_tables_.find(from);
      const Table* after = desired_tables_.find(to);
      if (before && after) add(pairs, {before, after, {key(before->name), key(after->name)}, stays});
    }
    leave_out_done(pairs);
    std::map<std::string, const Table*> there;
    for (const Table& table : current_.tables) there.emplace(key(table.name), &table);
    const std::vector<NamePair> all_names = names_of(pairs);
    const auto steps = order_renames(all_names, [&](const std::string& name) { return there.contains(name); });
    for (const auto& [place, part] : steps) {
      const auto& [before, after, names, stays] = pairs[place];
      if (part != Part::away) clear_way(after->name);
      if (part == Part::whole) {
        move_table(before->name, after->name);
      } else if (needs_schema(pairs, cycle_of(all_names, place))) {
        pass_through_schema(before->name, after->name, part);
      } else {
        const Name temporary = temporary_table(before->name);
        part == Part::away ? move_table(before->name, temporary) : move_table(temporary, after->name);
      }
      if (part != Part::away) tables_.emplace(after, before);
    }
  }

  /// Returns whether a table of the cycle moves to another schema, where its indexes, keys or sequences may meet others
  /// of the same names.
  [[nodiscard]] static bool needs_schema(const std::vector<Pair<Table>>& pairs, const std::vector<std::size_t>& cycle) {
    const bool changes_schema = std::any_of(cycle.begin(), cycle.end(), [&](std::size_t i) {
      return pairs[i].before->name.schema != pairs[i].after->name.schema;
    });
    std::set<std::string> names;
    return changes_schema && std::any_of(cycle.begin(), cycle.end(), [&](std::size_t i) {
             const std::vector<std::string> own = relations_of(*pairs[i].before);
             return std::any_of(own.begin(), own.end(), [&](const auto& name) { return !names.insert(name).second; });
           });
  }

  /// One step changes the schema first, also on the way back, so it is split if another table is in the way of either.
  void move_table(const Name& from, const Name& to) {
    const Name in_new_schema{to.schema, from.name};
    const Name with_new_name{from.schema, to.name};
    const bool is_schema_blocked = current_tables_.find(in_new_schema) != nullptr;
    const bool is_name_blocked = current_tables_.find(with_new_name) != nullptr;
    const bool is_split = from.schema != to.schema && from.name != to.name && is_schema_blocked != is_name_blocked;
    const Name& between = is_schema_blocked ? with_new_name : in_new_schema;
    if (is_split) renames_.emplace_back(RenameTable{from, between});
    renames_.emplace_back(RenameTable{is_split ? between : from, to});
  }

  /// Each step changes only the name or only the schema, so that no other table is in the way, also on the way back.
  void pass_through_schema(const Name& before, const Name& after, Part part) {
    const std::string schema = temporary_schema(before);
    const Name old_name{schema, before.name};
    const Name new_name{schema, after.name};
    if (part == Part::away) {
      renames_.emplace_back(CreateSchema{schema});
      renames_.emplace_back(RenameTable{before, old_name});
      return;
    }
    if (old_name != new_name) renames_.emplace_back(RenameTable{old_name, new_name});
    renames_.emplace_back(RenameTable{new_name, after});
    renames_.emplace_back(DropSchema{schema});
  }

  [[nodiscard]] std::string temporary_schema(const Name& table) const {
    return temporary_name(table.name, match_.mapping().identifier_limit(), [&](const std::string& name) {
      const auto has_name = [&](const std::string& schema) { return match_.same_name(NameKind::table, schema, name); };
      return std::any_of(current_.schemas.begin(), current_.schemas.end(), has_name) ||
             std::any_of(desired_.schemas.begin(), desired_.schemas.end(), has_name);
    });
  }

  [[nodiscard]] Name temporary_table(const Name& name) const {
    const auto is_taken = [&](const std::string& candidate) {
      const Name full{name.schema, candidate};
      const auto has_name = [&](const auto& item) { return key(item.name) == key(full); };
      return std::any_of(current_.views.begin(), current_.views.end(), has_name) ||
             std::any_of(current_.objects.begin(), current_.objects.end(), has_name) || has_index(candidate) ||
             current_tables_.find(full) != nullptr || desired_tables_.find(full) != nullptr;
    };
    return {name.schema, temporary_name(name.name, match_.mapping().identifier_limit(), is_taken)};
  }

  [[nodiscard]] bool has_index(const std::string& name) const {
    return std::any_of(current_.tables.begin(), current_.tables.end(), [&](const Table& table) {
      return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const model::Index& index) {
        return match_.same_name(NameKind::index, index.name.text, name);
      });
    });
  }

  /// Tables, views and indexes share one namespace.
  void clear_way(const Name& name) {
    for (const model::View& view : current_.views) {
      if (key(view.name) == key(name) && owns(view)) drops_first(DropView{view});
    }
    for (const Table& table : current_.tables) {
      for (const model::Index& index : table.indexes) {
        const bool has_name = !index.name.text.empty() && key({table.name.schema, index.name.text}) == key(name);
        if (has_name && owns(index, table)) drops_first(DropIndex{table.name, index});
      }
    }
  }

  void drops_first(Operation drop) { renames_.insert(renames_.begin(), std::move(drop)); }

  [[nodiscard]] bool owns(const model::View& view) const {
    const auto is_it = [&](const model::View& other) { return key(other.name) == key(view.name); };
    return ownership_.everything ||
           (ownership_.created != nullptr &&
            std::any_of(ownership_.created->views.begin(), ownership_.created->views.end(), is_it));
  }
  [[nodiscard]] bool owns(const model::Index& index, const Table& table) const {
    if (ownership_.everything) return true;
    if (ownership_.is_derived_name && ownership_.is_derived_name(index.name.text)) return true;
    const Table* created = ownership_.created == nullptr ? nullptr : ownership_.created->find_table(table.name);
    return created != nullptr && std::any_of(created->indexes.begin(), created->indexes.end(), [&](const auto& other) {
             return match_.same_name(NameKind::index, other.name.text, index.name.text);
           });
  }

  void rename_values() {
    for (const model::Enum& before : current_.enums) {
      const auto is_same = [&](const model::Enum& type) {
        return key(type.name, NameKind::type) == key(before.name, NameKind::type);
      };
      const auto after = std::find_if(desired_.enums.begin(), desired_.enums.end(), is_same);
      if (after != desired_.enums.end()) rename_values(before, *after);
    }
  }

  void rename_values(const model::Enum& before, const model::Enum& after) {
    const auto find = [](const std::vector<std::string>& values, const std::string& value) {
      const auto found = std::find(values.begin(), values.end(), value);
      return found == values.end() ? nullptr : &*found;
    };
    std::vector<Pair<std::string>> pairs;
    for (const auto& [type, from, to, stays] : answers_.column_renames) {
      const bool is_wanted = key(type, NameKind::type) == key(before.name, NameKind::type) &&
                             find(before.values, from) && find(after.values, to);
      if (is_wanted) add(pairs, {find(before.values, from), find(after.values, to), {from, to}, stays});
    }
    const auto is_taken = [&](const std::string& value) { return find(before.values, value) != nullptr; };
    for (const auto& [place, part] : order_renames(names_of(pairs), is_taken)) {
      const auto& [from, to] = pairs[place].names;
      const std::string temporary =
          temporary_name(from, match_.mapping().identifier_limit(), [&](const std::string& value) {
            return find(before.values, value) != nullptr || find(after.values, value) != nullptr;
          });
      renames_.emplace_back(
          RenameEnumValue{before.name, part == Part::home ? temporary : from, part == Part::away ? temporary : to});
    }
  }

  void rename_attributes() {
    for (const auto& [type, from, to, stays] : answers_.column_renames) {
      const model::Object* const before = find_type(current_, type);
      const model::Object* const after = find_type(desired_, type);
      if (before == nullptr || after == nullptr) continue;
      const bool is_renamed = has_attribute(*before, from) && has_attribute(*after, to);
      if (is_renamed && !has_attribute(*before, to)) renames_.emplace_back(RenameColumn{before->name, from, to, true});
    }
  }

  [[nodiscard]] const model::Object* find_type(const Schema& schema, const Name& name) const {
    const auto found = std::find_if(schema.objects.begin(), schema.objects.end(), [&](const model::Object& object) {
      return object.type.value && key(object.name, NameKind::type) == key(name, NameKind::type);
    });
    return found == schema.objects.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool has_attribute(const model::Object& type, const std::string& name) const {
    const std::vector<Column>& attributes = type.type.value->attributes;
    return std::any_of(attributes.begin(), attributes.end(),
                       [&](const Column& attribute) { return match_.same_column(attribute.name, name); });
  }

  void rename_columns() {
    std::map<const Table*, std::vector<Pair<Column>>> by_table;
    std::vector<const Table*> order;
    for (const auto& [name, from, to, stays] : answers_.column_renames) {
      const Table* after = desired_tables_.find(name);
      const Table* before = after == nullptr ? nullptr : former(*after);
      const Column* old_column = before == nullptr ? nullptr : find_column(*before, from);
      const Column* new_column =
          before == nullptr ? nullptr : find_column(with_columns_of_parents(*before, *after), to);
      if (old_column == nullptr || new_column == nullptr) continue;
      if (!by_table.contains(after)) order.push_back(after);
      add(by_table[after],
          {old_column, new_column, {match_.fold(NameKind::column, from), match_.fold(NameKind::column, to)}, stays});
    }
    for (const Table* after : order) rename_columns(*former(*after), *after, std::move(by_table[after]));
  }

  void rename_columns(const Table& before, const Table& after, std::vector<Pair<Column>> pairs) {
    leave_out_done(pairs);
    const auto is_taken = [&](const std::string& name) { return find_column(before, name) != nullptr; };
    const Name& table = tables_.contains(&after) ? after.name : before.name;
    for (const auto& [place, part] : order_renames(names_of(pairs), is_taken)) {
      const auto& [old_column, new_column, names, stays] = pairs[place];
      const std::string temporary =
          temporary_name(old_column->name, match_.mapping().identifier_limit(), [&](const std::string& name) {
            return find_column(before, name) != nullptr || find_column(after, name) != nullptr;
          });
      renames_.emplace_back(RenameColumn{table, part == Part::home ? temporary : old_column->name,
                                         part == Part::away ? temporary : new_column->name});
    }
  }

  /// Returns the existing table that becomes this one; null if there is none.
  [[nodiscard]] const Table* former(const Table& desired) const {
    const auto renamed = tables_.find(&desired);
    if (renamed != tables_.end()) return renamed->second;
    const Table* same = current_tables_.find(desired.name);
    const bool goes_elsewhere =
        std::any_of(tables_.begin(), tables_.end(), [&](const auto& pair) { return pair.second == same; });
    return goes_elsewhere ? nullptr : same;
  }

  /// A table has the columns of a new parent before it inherits from it.
  [[nodiscard]] static const Table& with_columns_of_parents(const Table& before, const Table& after) {
    return after.apart.value != nullptr && before.inherits != after.inherits ? *after.apart.value : after;
  }

  [[nodiscard]] const Column* find_column(const Table& table, const std::string& name) const {
    const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [&](const Column& column) { return match_.same_column(column.name, name); });
    return found == table.columns.end() ? nullptr : &*found;
  }

  [[nodiscard]] bool is_like(const Column& a, const Column& b) const {
    return match_.database().same_type(a.type, b.type) && a.nullable == b.nullable;
  }
  [[nodiscard]] bool is_like(const Table& a, const Table& b) const {
    return a.columns.size() == b.columns.size() &&
           std::all_of(a.columns.begin(), a.columns.end(),
                       [&](const Column& column) { return find_column(b, column.name) != nullptr; });
  }

  /// Removes swaps in entities that were already done.
  template <class T>
  void leave_out_done(std::vector<Pair<T>>& pairs) const {
    const std::vector<NamePair> names = names_of(pairs);
    std::vector<std::size_t> done;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const std::vector<std::size_t> cycle = cycle_of(names, i);
      const bool stays = std::any_of(cycle.begin(), cycle.end(), [&](std::size_t place) { return pairs[place].stays; });
      if (stays && is_done(pairs, cycle)) done.push_back(i);
    }
    for (auto place = done.rbegin(); place != done.rend(); ++place) {
      pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(*place));
    }
  }

  template <class T>
  [[nodiscard]] bool is_done(const std::vector<Pair<T>>& pairs, const std::vector<std::size_t>& cycle) const {
    std::size_t fit_now = 0;
    std::size_t fit_renamed = 0;
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      const Pair<T>& pair = pairs[cycle[i]];
      // The object with the new name is the next one to rename.
      const Pair<T>& next = pairs[cycle[(i + 1) % cycle.size()]];
      fit_renamed += is_like(*pair.before, *pair.after) ? 1 : 0;
      fit_now += is_like(*next.before, *pair.after) ? 1 : 0;
    }
    if (fit_now == fit_renamed) cannot_tell(pairs, cycle);
    return fit_now > fit_renamed;
  }

  template <class T>
  [[noreturn]] static void cannot_tell(const std::vector<Pair<T>>& pairs, const std::vector<std::size_t>& cycle) {
    std::string names;
    for (const std::size_t place : cycle) {
      names += (names.empty() ? "\"" : ", \"") + text(pairs[place].before->name) + "\" to \"" +
               text(pairs[place].after->name) + '"';
    }
    throw Error(ErrorKind::undecided,
                "The entities swap names with `renamed_from` (" + names +
                    "), but the objects with these names are too similar to tell whether the swap is already done.")
        .with_remedy(
            "Remove `renamed_from` from these entities. If the swap is not done yet, pass --rename for each of them "
            "once.");
  }

  static std::string text(const std::string& name) { return name; }
  static std::string text(const Name& name) { return model::to_string(name); }

  const Schema& current_;
  const Schema& desired_;
  const Matcher& match_;
  const Answers& answers_;
  const Ownership& ownership_;
  TableIndex current_tables_;
  TableIndex desired_tables_;
  std::map<const Table*, const Table*> tables_;  ///< By the desired tables, those that are renamed to them.
  std::vector<Operation> renames_;
};

}  // namespace

std::vector<Operation> find_renames(const Schema& current, const Schema& desired, const Matcher& match,
                                    const Answers& answers, const Ownership& ownership) {
  if (answers.table_renames.empty() && answers.column_renames.empty()) return {};
  return Finder(current, desired, match, answers, ownership).find();
}

}  // namespace whimbrel::diff

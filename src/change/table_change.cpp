#include "change/table_change.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace whimbrel::change {

namespace {

using operation::Operation;
using Renamed = std::map<model::Name, model::Name>;

/// The change of each object, by its name after the operations and its kind. The kind is empty if an operation changes
/// the object in place, which is possible for views and tables.
using Ways = std::map<model::Name, std::map<std::string, TableAction, std::less<>>>;

std::string_view kind_of(const model::Table&) { return table_kind; }
std::string_view kind_of(const model::View&) { return view_kind; }
std::string_view kind_of(const model::Object& object) { return object.kind; }

struct KindAndWay {
  std::string_view kind;
  TableAction way = TableAction::altered;
};

KindAndWay read_way(const Operation& operation) {
  return std::visit(operation::Visitor{
                        [](const operation::CreateTable&) {
                          return KindAndWay{table_kind, TableAction::created};
                        },
                        [](const operation::DropTable&) {
                          return KindAndWay{table_kind, TableAction::dropped};
                        },
                        [](const operation::RebuildTable&) {
                          return KindAndWay{table_kind, TableAction::rebuilt};
                        },
                        [](const operation::CreateView&) {
                          return KindAndWay{view_kind, TableAction::created};
                        },
                        [](const operation::DropView&) {
                          return KindAndWay{view_kind, TableAction::dropped};
                        },
                        [](const operation::CreateObject& op) {
                          return KindAndWay{op.object.kind, TableAction::created};
                        },
                        [](const operation::DropObject& op) {
                          return KindAndWay{op.object.kind, TableAction::dropped};
                        },
                        [](const operation::AlterObject& op) {
                          return KindAndWay{op.before.kind, TableAction::rebuilt};
                        },
                        [](const auto&) { return KindAndWay{}; },
                    },
                    operation);
}

Ways ways_of(const std::vector<Operation>& operations) {
  Ways ways;
  for (const Operation& operation : operations) {
    if (const auto* rename = std::get_if<operation::RenameTable>(&operation)) {
      const auto moved = ways.extract(rename->from);
      auto& renamed = ways[rename->to] = moved ? moved.mapped() : Ways::mapped_type();
      renamed.emplace("", TableAction::altered);
      continue;
    }
    const auto [kind, way] = read_way(operation);
    const auto [known, is_new] = ways[operation::target_name(operation)].emplace(kind, way);
    if (is_new || known->second == TableAction::rebuilt) continue;
    // Dropping and recreating counts as a rebuild.
    known->second = known->second == way ? way : TableAction::rebuilt;
  }
  return ways;
}

std::optional<TableAction> find_way(const Ways& ways, std::string_view kind, const model::Name& name) {
  const auto thing = ways.find(name);
  if (thing == ways.end()) return std::nullopt;
  auto found = thing->second.find(kind);
  if (found == thing->second.end()) found = thing->second.find("");
  return found == thing->second.end() ? std::nullopt : std::optional(found->second);
}

/// A rename can take two steps, through a temporary name.
template <class Name>
void add_rename(std::map<Name, Name>& names, const Name& from, const Name& to) {
  const auto known = std::find_if(names.begin(), names.end(), [&](const auto& pair) { return pair.second == from; });
  if (known == names.end()) {
    names[from] = to;
  } else {
    known->second = to;
  }
}

/// Returns the column names of a table item after renames.
std::map<std::string, std::string> renamed_columns(const std::vector<Operation>& operations, const model::Name& before,
                                                   const model::Name& after) {
  std::map<std::string, std::string> names;
  for (const Operation& operation : operations) {
    const auto* rename = std::get_if<operation::RenameColumn>(&operation);
    if (rename != nullptr && (rename->table == before || rename->table == after)) {
      add_rename(names, rename->from, rename->to);
    }
  }
  return names;
}

/// Returns the names of the columns of a table that the operations alter, by any of the names of both.
std::set<std::string> altered_columns(const std::vector<Operation>& operations, const model::Name& before,
                                      const model::Name& after) {
  std::set<std::string> names;
  for (const Operation& operation : operations) {
    const auto* alter = std::get_if<operation::AlterColumn>(&operation);
    if (alter == nullptr || (alter->table != before && alter->table != after)) continue;
    names.insert({alter->before.name, alter->after.name});
  }
  return names;
}

/// The tables, views and objects before and after one part.
class Reader {
 public:
  Reader(const dialect::Dialect& dialect, const plan::Plan& plan)
      : dialect_(dialect), plan_(plan), up_(ways_of(plan.up)), down_(ways_of(plan.down)) {
    for (const Operation& operation : plan.up) {
      if (const auto* op = std::get_if<operation::RenameTable>(&operation)) add_rename(new_names_, op->from, op->to);
    }
  }

  std::vector<TableChange> read(const model::Schema& before, const model::Schema& after) {
    read(before.tables, after.tables);
    read(before.views, after.views);
    read(before.objects, after.objects);
    return std::move(changes_);
  }

 private:
  template <class Thing>
  void read(const std::vector<Thing>& before, const std::vector<Thing>& after) {
    using Key = std::pair<std::string_view, model::Name>;
    std::map<Key, const Thing*> rest;
    for (const Thing& thing : after) rest.emplace(Key(kind_of(thing), thing.name), &thing);
    for (const Thing& thing : before) {
      const auto new_name = new_names_.find(thing.name);
      const auto found = rest.find({kind_of(thing), new_name == new_names_.end() ? thing.name : new_name->second});
      add(&thing, found == rest.end() ? nullptr : found->second);
      if (found != rest.end()) rest.erase(found);
    }
    for (const Thing& thing : after) {
      if (rest.contains({kind_of(thing), thing.name})) add<Thing>(nullptr, &thing);
    }
  }

  template <class Thing>
  void add(const Thing* before, const Thing* after) {
    const Thing& any = after != nullptr ? *after : *before;
    const Thing& first = before != nullptr ? *before : *after;
    const std::string_view kind = kind_of(any);
    const std::optional<TableAction> up = find_way(up_, kind, any.name);
    const std::optional<TableAction> down = find_way(down_, kind, first.name);
    const bool is_touched = up || down;
    // A table may change with another that it references. A view's definition may change too, but nothing is lost.
    const bool can_change = kind == table_kind && (before == nullptr || after == nullptr || !(*before == *after));
    if (!is_touched && !can_change) return;
    TableChange change;
    change.kind = kind;
    change.name_before = first.name;
    change.name_after = any.name;
    change.up = before == nullptr  ? TableAction::created
                : after == nullptr ? TableAction::dropped
                                   : up.value_or(TableAction::altered);
    change.down = after == nullptr    ? TableAction::created
                  : before == nullptr ? TableAction::dropped
                                      : down.value_or(TableAction::altered);
    add_items(change, before, after);
    if (!is_touched && change.hash_before == change.hash_after) return;
    changes_.push_back(std::move(change));
  }

  template <class Thing>
  void add_items(TableChange& change, const Thing* before, const Thing* after) {
    std::vector<TableItem> first = before != nullptr ? items_of(*before, dialect_) : std::vector<TableItem>();
    std::vector<TableItem> second = after != nullptr ? items_of(*after, dialect_) : std::vector<TableItem>();
    if (before != nullptr) change.hash_before = hash_of(first, dialect_);
    if (after != nullptr) change.hash_after = hash_of(second, dialect_);
    const std::vector<TableItem> named = first;
    const auto renames = renamed_columns(plan_.up, change.name_before, change.name_after);
    for (TableItem& item : first) {
      const auto found = renames.find(item.name);
      if (item.kind == "column" && found != renames.end()) item.name = found->second;
    }
    const std::set<std::string> altered = dialect_.rewrites_columns()
                                              ? altered_columns(plan_.up, change.name_before, change.name_after)
                                              : std::set<std::string>();
    const ItemMatch match = match_items(first, second, dialect_);
    for (const auto* pairs : {&match.same, &match.changed}) {
      for (const auto& [i, j] : *pairs) {
        // The name of a constraint does not count as a difference.
        const std::string& name = named[i].kind == "column" ? named[i].name : second[j].name;
        const bool is_rewritten = second[j].kind == "column" && name == second[j].name &&
                                  named[i].hash == second[j].hash && altered.contains(name);
        change.items.push_back({second[j].kind, name, named[i].hash, second[j].name, second[j].hash, is_rewritten});
      }
    }
    for (const std::size_t i : match.only_first) {
      change.items.push_back({named[i].kind, named[i].name, named[i].hash, named[i].name, {}});
    }
    for (const std::size_t j : match.only_second) {
      change.items.push_back({second[j].kind, second[j].name, {}, second[j].name, second[j].hash});
    }
  }

  const dialect::Dialect& dialect_;
  const plan::Plan& plan_;
  Ways up_, down_;
  Renamed new_names_;
  std::vector<TableChange> changes_;
};

/// Returns the schema without the indexes that the operations create.
model::Schema without_indexes(model::Schema schema, const std::vector<Operation>& operations) {
  const auto remove = [](auto& things, const operation::CreateIndex& op) {
    for (auto& thing : things) {
      if (thing.name == op.table) std::erase(thing.indexes, op.index);
    }
  };
  for (const Operation& operation : operations) {
    const auto* op = std::get_if<operation::CreateIndex>(&operation);
    if (op == nullptr) continue;
    remove(schema.tables, *op);
    remove(schema.views, *op);
  }
  return schema;
}

}  // namespace

std::vector<std::vector<TableChange>> table_changes(const dialect::Dialect& dialect, const SchemaChange& generated) {
  std::vector<std::vector<TableChange>> changes(generated.parts.size());
  model::Schema after = generated.target;
  // The first part makes all changes except the indexes that the following parts create.
  for (std::size_t i = generated.parts.size(); i-- > 0;) {
    const plan::Plan& plan = generated.parts[i].plan;
    model::Schema before = i == 0 ? generated.current : without_indexes(after, plan.up);
    changes[i] = Reader(dialect, plan).read(before, after);
    after = std::move(before);
  }
  return changes;
}

}  // namespace whimbrel::change

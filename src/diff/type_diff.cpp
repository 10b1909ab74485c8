#include "diff/type_diff.h"

#include <algorithm>
#include <map>
#include <set>

#include "diff/rename_candidates.h"

namespace whimbrel::diff {

namespace {

using namespace operation;
using model::Enum;
using model::Name;
using model::Schema;

template <class T>
const T* find(const Matcher& match, const std::vector<T>& items, const Name& name) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const T& item) {
    return match.fold_name(NameKind::type, item.name) == match.fold_name(NameKind::type, name);
  });
  return found == items.end() ? nullptr : &*found;
}

/// The enums of columns of the schema, by to_string of their names.
std::set<std::string> used_enums(const Schema& schema) {
  std::set<std::string> names;
  for (const model::Table& table : schema.tables) {
    for (const model::Column& column : table.columns) {
      if (!column.enum_name.empty()) names.insert(column.enum_name);
    }
  }
  return names;
}

void diff_enums(const Context& context, const Schema& desired) {
  Difference& result = context.result;
  const bool everything = context.ownership.everything;
  const std::set<std::string> used = used_enums(result.target);
  for (const Enum& type : context.current.enums) {
    if (const Enum* wanted = find(context.match, desired.enums, type.name)) {
      Enum after = type;
      after.values = wanted->values;
      if (after.values != type.values) {
        for (RenameCandidate& candidate : find_value_candidates(context.match, context.answers, type, after)) {
          result.rename_candidates.push_back(std::move(candidate));
        }
        result.operations.emplace_back(AlterEnum{type, after, {}});
      }
      result.target.enums.push_back(std::move(after));
      continue;
    }
    const std::string name = to_string(type.name);
    const bool is_ours =
        (context.ownership.is_derived_name && context.ownership.is_derived_name(type.name.name)) ||
        (context.ownership.created && find(context.match, context.ownership.created->enums, type.name) != nullptr);
    if (everything || (is_ours && !used.contains(name))) {
      result.operations.emplace_back(DropEnum{type});
      continue;
    }
    result.target.enums.push_back(type);
    if (!used.contains(name)) result.unmanaged.push_back("enum \"" + name + '"');
  }
  for (const Enum& type : desired.enums) {
    if (find(context.match, context.current.enums, type.name)) continue;
    result.operations.emplace_back(CreateEnum{type});
    result.target.enums.push_back(type);
  }
}

void diff_schemas(const Context& context, const Schema& desired) {
  Difference& result = context.result;
  const auto has = [&](const std::vector<std::string>& schemas, const std::string& name) {
    return std::any_of(schemas.begin(), schemas.end(), [&](const std::string& other) {
      return context.match.same_name(NameKind::schema, other, name);
    });
  };
  for (const std::string& schema : context.current.schemas) {
    if (context.ownership.everything && !has(desired.schemas, schema)) {
      result.operations.emplace_back(DropSchema{schema});
    } else {
      result.target.schemas.push_back(schema);
    }
  }
  for (const std::string& schema : desired.schemas) {
    if (has(context.current.schemas, schema)) continue;
    result.operations.emplace_back(CreateSchema{schema});
    result.target.schemas.push_back(schema);
  }
}

/// Entities cannot describe them: they are compared only between complete schemas.
void diff_objects(const Context& context, const Schema& desired) {
  Difference& result = context.result;
  if (!context.ownership.everything) {
    result.target.objects = context.current.objects;
    return;
  }
  const auto key = [&](const model::Object& object) {
    return std::pair(object.kind, context.match.fold_name(NameKind::object, object.name));
  };
  std::map<std::pair<std::string, Name>, const model::Object*> wanted;
  for (const model::Object& object : desired.objects) wanted.emplace(key(object), &object);
  std::set<std::pair<std::string, Name>> there;
  // Newest first, because each is created after those that it uses.
  for (auto object = context.current.objects.rbegin(); object != context.current.objects.rend(); ++object) {
    const auto found = wanted.find(key(*object));
    if (found == wanted.end()) {
      result.operations.emplace_back(DropObject{*object});
    } else {
      there.insert(found->first);
    }
  }
  for (const model::Object& object : context.current.objects) {
    const auto found = wanted.find(key(object));
    if (found != wanted.end() && *found->second != object) {
      result.operations.emplace_back(AlterObject{object, *found->second});
    }
  }
  for (const model::Object& object : desired.objects) {
    if (!there.contains(key(object))) result.operations.emplace_back(CreateObject{object});
  }
  result.target.objects = desired.objects;
}

/// Returns the table that has this name, or is renamed to it; null: none.
const model::Table* former_table(const Schema& current, const Name& name, const Matcher& match,
                                 const Answers& answers) {
  if (const model::Table* const same = find(match, current.tables, name)) return same;
  for (const auto& [from, to, stays] : answers.table_renames) {
    if (match.fold_name(NameKind::table, to) != match.fold_name(NameKind::table, name)) continue;
    if (const model::Table* const renamed = find(match, current.tables, from)) return renamed;
  }
  return nullptr;
}

/// Returns the column of `before` that has this name, or is renamed to it; null: none.
const model::Column* former_column(const model::Table& before, const Name& table, const std::string& name,
                                   const Matcher& match, const Answers& answers) {
  if (const model::Column* const same = before.find_column(name)) return same;
  for (const auto& [renamed_table, from, to, stays] : answers.column_renames) {
    const bool is_it = match.same_column(to, name) &&
                       match.fold_name(NameKind::table, renamed_table) == match.fold_name(NameKind::table, table);
    if (const model::Column* const renamed = is_it ? before.find_column(from) : nullptr) return renamed;
  }
  return nullptr;
}

}  // namespace

Schema with_current_enum_names(const Schema& current, Schema desired, const Matcher& match, const Answers& answers) {
  for (Enum& type : desired.enums) {
    if (!type.derived.value || find(match, current.enums, type.name)) continue;
    const std::string derived = to_string(type.name);
    const Enum* same = nullptr;
    for (const model::Table& table : desired.tables) {
      for (const model::Column& wanted : table.columns) {
        if (wanted.enum_name != derived) continue;
        const model::Table* const now = former_table(current, table.name, match, answers);
        const model::Column* const column =
            now == nullptr ? nullptr : former_column(*now, table.name, wanted.name, match, answers);
        if (column == nullptr || column->enum_name.empty()) continue;
        const auto found = std::find_if(current.enums.begin(), current.enums.end(), [&](const Enum& candidate) {
          return to_string(candidate.name) == column->enum_name;
        });
        if (found != current.enums.end()) same = &*found;
      }
    }
    if (same == nullptr || find(match, desired.enums, same->name)) continue;
    type.name = same->name;
    for (model::Table& table : desired.tables) {
      for (model::Column& column : table.columns) {
        if (column.enum_name != derived) continue;
        column.enum_name = to_string(type.name);
        column.type = match.mapping().enum_type(type.name);
      }
    }
  }
  return desired;
}

void diff_types(const Context& context, const Schema& desired) {
  diff_schemas(context, desired);
  diff_enums(context, desired);
  diff_objects(context, desired);
}

}  // namespace whimbrel::diff

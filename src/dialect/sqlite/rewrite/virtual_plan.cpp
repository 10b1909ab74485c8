#include "dialect/sqlite/rewrite/virtual_plan.h"

#include <algorithm>
#include <optional>
#include <span>

#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/inspect/virtual_table.h"
#include "dialect/sqlite/rewrite/content.h"
#include "dialect/sqlite/rewrite/outdated.h"
#include "dialect/sqlite/text/names.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

namespace {

using namespace operation;
using model::Column;
using model::Object;
using model::Table;
using Operations = std::vector<Operation>;

std::string module_of(const Object& object) { return sql::to_lower(read_virtual_table(object).module); }

bool is_r_tree(const Object& object) { return module_of(object).starts_with("rtree"); }

std::string after_renames(std::string table, const Operations& renames) {
  for (const Operation& operation : renames) {
    const auto* rename = std::get_if<RenameTable>(&operation);
    if (rename != nullptr && same_name(rename->from.name, table)) table = rename->to.name;
  }
  return table;
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& one) { return same_name(one, name); });
}

/// Returns the name that the table had before the operations.
std::string before_renames(std::string table, std::span<const Operation> renames) {
  for (auto operation = renames.rbegin(); operation != renames.rend(); ++operation) {
    const auto* rename = std::get_if<RenameTable>(&*operation);
    if (rename != nullptr && same_name(rename->to.name, table)) table = rename->from.name;
  }
  return table;
}

/// Returns whether a column is renamed that the index may read through a view.
bool view_has_renamed_column(const Object& index, const Operations& renames, const model::Schema& current) {
  if (!reads_view(index, current)) return false;
  for (std::size_t i = 0; i < renames.size(); ++i) {
    const auto* rename = std::get_if<RenameColumn>(&renames[i]);
    if (rename == nullptr) continue;
    if (may_read(index, before_renames(rename->table.name, std::span(renames).first(i)), current)) return true;
  }
  return false;
}

/// Returns whether a column that the index names is renamed.
bool names_renamed_column(const Object& index, const Operations& renames) {
  const VirtualTable table = read_virtual_table(index);
  std::string content = content_name(index);
  for (const Operation& operation : renames) {
    if (const auto* rename = std::get_if<RenameTable>(&operation); rename && same_name(rename->from.name, content)) {
      content = rename->to.name;
    }
    const auto* rename = std::get_if<RenameColumn>(&operation);
    if (rename == nullptr || !same_name(rename->table.name, content)) continue;
    const bool is_named = names_columns(table) && has(index.columns.value, rename->from);
    if (is_named || same_name(content_rowid(table), rename->from)) return true;
  }
  return false;
}

bool is_about(const Operation& operation, const Object& object) {
  const bool is_object =
      std::holds_alternative<CreateObject>(operation) || std::holds_alternative<AlterObject>(operation);
  return is_object && same_name(target_name(operation).name, object.name.name);
}

model::Schema renamed_by(model::Schema schema, const Operations& renames) {
  for (const Operation& rename : renames) operation::apply(schema, rename, sqlite_syntax);
  return schema;
}

/// Returns an unused name for the table with the copied rows, which does not belong to its module either.
std::string free_name(const std::string& name, const model::Schema& before, const model::Schema& after) {
  const auto is_taken = [](const model::Schema& schema, const std::string& candidate) {
    const auto is_it = [&](const std::string& other) {
      return same_name(other, candidate) || is_named_after(other, candidate);
    };
    const auto has_it = [&](const auto& one) { return is_it(one.name.name); };
    const auto has_index = [&](const Table& table) {
      return std::any_of(table.indexes.begin(), table.indexes.end(),
                         [&](const model::Index& index) { return is_it(index.name.text); });
    };
    return std::any_of(schema.tables.begin(), schema.tables.end(), has_it) ||
           std::any_of(schema.tables.begin(), schema.tables.end(), has_index) ||
           std::any_of(schema.views.begin(), schema.views.end(), has_it) ||
           std::any_of(schema.objects.begin(), schema.objects.end(), has_it);
  };
  std::string candidate = "temporary_" + name;
  while (is_taken(before, candidate) || is_taken(after, candidate)) candidate = "temporary_" + candidate;
  return candidate;
}

std::vector<std::string> common_columns(const Object& before, const Object& after) {
  std::vector<std::string> common;
  for (const std::string& column : after.columns.value) {
    if (has(before.columns.value, column)) common.push_back(column);
  }
  return common;
}

std::string copy_sql(const Object& to, const std::string& from, const std::vector<std::string>& columns) {
  // The rowid of an R-Tree is its first column.
  sql::Writer names(sqlite_syntax);
  if (!is_r_tree(to)) names.raw("rowid, ");
  names.identifiers(columns);
  sql::Writer writer(sqlite_syntax);
  writer.raw("INSERT INTO ").identifier(to.name.name).raw("(").raw(names.text()).raw(") SELECT ");
  return writer.raw(names.text()).raw(" FROM ").identifier(from).take();
}

/// Adds the operations that virtual tables require.
class VirtualPlan {
 public:
  VirtualPlan(Operations operations, const model::Schema& before, const model::Schema& after,
              const OpenScratch& open_scratch)
      : operations_(std::move(operations)), before_(before), after_(after), open_scratch_(open_scratch) {}

  Operations run() {
    std::vector<AlterObject> refills;
    for (const Object& object : after_.objects) {
      const auto concerns = [&](const Operation& operation) { return is_about(operation, object); };
      if (std::any_of(operations_.begin(), operations_.end(), concerns)) continue;
      if (is_outdated(object, operations_, before_, after_)) refills.push_back({object, filled(object)});
    }
    for (const Operation& operation : operations_) place(operation);
    for (const AlterObject& refill : refills) {
      require_alone(refill.before);
      late_.emplace_back(refill);
    }
    for (Operations* part : {&middle_, &late_, &triggers_}) {
      std::move(part->begin(), part->end(), std::back_inserter(first_));
    }
    return std::move(first_);
  }

 private:
  void place(const Operation& operation) {
    if (const auto* op = std::get_if<CreateTable>(&operation)) return place(*op);
    if (const auto* op = std::get_if<CreateObject>(&operation)) return place(*op);
    if (const auto* op = std::get_if<AlterObject>(&operation)) return place(*op);
    if (const auto* op = std::get_if<DropObject>(&operation)) return place(*op);
    middle_.push_back(operation);
  }

  void place(CreateTable op) {
    if (!after_.objects.empty()) {
      for (model::Trigger& trigger : op.table.triggers) {
        triggers_.emplace_back(CreateTrigger{op.table.name, std::move(trigger)});
      }
      op.table.triggers.clear();
    }
    middle_.emplace_back(std::move(op));
  }

  void place(const CreateObject& op) { when_filled(op.object).emplace_back(op); }

  /// FTS4 cannot be dropped after the table that provides its columns.
  void place(const DropObject& op) {
    require_alone(op.object);
    (content_name(op.object).empty() ? middle_ : first_).emplace_back(op);
  }

  void place(const AlterObject& op) {
    require_alone(op.before);
    const bool reads_content = !content_name(op.before).empty();
    const bool is_readable = !op.before.rows.value.empty() || !op.before.filling.value.empty();
    const bool is_in_the_way = keeps_created_table(op.before);
    if (is_readable && !op.after.rows.value.empty() && !common_columns(op.before, op.after).empty()) {
      // Contents from elsewhere are read before they change.
      copy(op, is_in_the_way || reads_content ? first_ : middle_);
    } else if (is_in_the_way || (reads_content && !names_columns(read_virtual_table(op.before)))) {
      first_.emplace_back(DropObject{op.before});
      when_filled(op.after).emplace_back(CreateObject{op.after});
    } else {
      when_filled(op.after).emplace_back(op);
    }
  }

  void copy(const AlterObject& op, Operations& place) const {
    if (!content_name(op.before).empty()) require_free(op);
    Object copied = bare_copy(op.after, free_name(op.before.name.name, before_, after_));
    copied.filling.value = copy_sql(copied, op.before.name.name, common_columns(op.before, op.after));
    place.emplace_back(CreateObject{copied});
    place.emplace_back(DropObject{op.before});
    place.emplace_back(AlterObject{std::move(copied), op.after});
  }

  /// An index over a view is filled when the view exists.
  Operations& when_filled(const Object& object) {
    return find_named(after_.views, content_name(object)) != nullptr ? late_ : middle_;
  }

  [[nodiscard]] Names tables_beside(const Object& object) const {
    Names names;
    for (const Table& table : before_.tables) {
      if (is_named_after(table.name.name, object.name.name)) names.insert(table.name.name);
    }
    return names;
  }

  [[nodiscard]] Names made_for(const Object& object) const {
    const std::unique_ptr<Connection> scratch = open_scratch_ ? open_scratch_() : nullptr;
    if (scratch == nullptr) return {};
    return make_in_empty(*scratch, read_virtual_table(object), object.columns.value).value_or(Names());
  }

  /// Returns whether a table of its module is created as an ordinary one.
  [[nodiscard]] bool keeps_created_table(const Object& object) const {
    Names created;
    for (const Operation& operation : operations_) {
      const auto* op = std::get_if<CreateTable>(&operation);
      if (op != nullptr && is_named_after(op->table.name.name, object.name.name)) created.insert(op->table.name.name);
    }
    if (created.empty()) return false;
    const Names made = made_for(object);
    return std::any_of(created.begin(), created.end(), [&](const std::string& name) { return made.contains(name); });
  }

  void require_alone(const Object& object) const {
    const Names beside = tables_beside(object);
    const std::unique_ptr<Connection> scratch = !beside.empty() && open_scratch_ ? open_scratch_() : nullptr;
    if (scratch == nullptr) return;
    const Names gone = taken_along(*scratch, read_virtual_table(object), object.columns.value, beside);
    if (gone.empty()) return;
    throw Error(ErrorKind::unsafe, "Virtual table \"" + object.name.name +
                                       "\" cannot be dropped or recreated: SQLite would also drop table \"" +
                                       *gone.begin() + "\", which does not belong to it.")
        .with_remedy("Rename that table first, in a separate migration.");
  }

  /// The contents of another table are copied while all tables exist.
  void require_free(const AlterObject& op) const {
    const Names beside = tables_beside(op.after);
    const Names made = beside.empty() ? Names() : made_for(op.after);
    for (const std::string& name : beside) {
      if (!made.contains(name)) continue;
      throw Error(ErrorKind::unsafe, "Virtual table \"" + op.after.name.name +
                                         "\" cannot copy the contents of table \"" + content_name(op.before) +
                                         "\" while table \"" + name +
                                         "\" exists: its module creates a table of that name.")
          .with_remedy("Rename or drop table \"" + name + "\" first, in a separate migration.");
    }
  }

  const Operations operations_;
  const model::Schema& before_;
  const model::Schema& after_;
  const OpenScratch& open_scratch_;
  Operations first_;
  Operations middle_;
  Operations late_;
  Operations triggers_;
};

/// Returns a note for an index that must start empty, although it could have copied contents.
std::string missing_texts(const Object& before, const Object& after, const model::Schema& schema) {
  if (after.rows.value.empty() || !before.filling.value.empty()) return {};
  const std::string content = content_name(before);
  if (content.empty() || find_named(schema.tables, content) == nullptr) return {};
  return "virtual table \"" + after.name.name + "\" is created without the contents of table \"" + content + '"';
}

/// https://www.sqlite.org/rtree.html#integer_valued_r_trees
std::string changed_numbers(const Object& before, const Object& after) {
  if (!is_r_tree(before) || !is_r_tree(after) || module_of(before) == module_of(after)) return {};
  const std::string beginning = "the coordinates in virtual table \"" + after.name.name + "\" lose ";
  return beginning + (module_of(after) == "rtree_i32" ? "their fraction: it stores integers"
                                                      : "digits beyond 16777216: it stores 32-bit numbers");
}

}  // namespace

Operations with_indexes_of_content(const model::Schema& current, Operations renames, const CanRead& can_read_view) {
  Operations result;
  Operations made;
  std::optional<model::Schema> renamed_schema;
  const auto by_renames = [&]() -> const model::Schema& {
    if (!renamed_schema) renamed_schema = renamed_by(current, renames);
    return *renamed_schema;
  };
  for (const Object& object : current.objects) {
    const std::string content = content_name(object);
    if (content.empty()) continue;
    require_visible_keys(current, by_renames());
    const std::string renamed = after_renames(content, renames);
    const bool names_renamed = names_renamed_column(object, renames);
    const bool shows_renamed = view_has_renamed_column(object, renames, current);
    if (renamed == content && !names_renamed && !shows_renamed) continue;
    // It exists all the time, because ALTER TABLE reads the triggers and views that use it. The table is not read
    // before the index is filled.
    const Object moved = renamed == content ? object : with_content(object, renamed);
    Object unfilled = with_named_columns(moved);
    unfilled.filling.value.clear();
    result.emplace_back(AlterObject{object, unfilled});
    if (names_renamed && !missing_content(moved, by_renames()).empty()) continue;
    if (shows_renamed && !can_read_view(object)) continue;
    made.emplace_back(AlterObject{unfilled, moved});
  }
  std::move(renames.begin(), renames.end(), std::back_inserter(result));
  std::move(made.begin(), made.end(), std::back_inserter(result));
  return result;
}

Operations with_virtual_tables(Operations operations, const model::Schema& before, const model::Schema& after,
                               const OpenScratch& open_scratch) {
  return VirtualPlan(std::move(operations), before, after, open_scratch).run();
}

std::vector<std::string> changed_contents(const model::Schema& before, const model::Schema& after) {
  std::vector<std::string> words;
  for (const Object& object : after.objects) {
    const Object* known = find_named(before.objects, object.name.name);
    if (known == nullptr) continue;
    for (std::string text : {missing_texts(*known, object, before), changed_numbers(*known, object)}) {
      if (!text.empty()) words.push_back(std::move(text));
    }
  }
  return words;
}

std::vector<std::string> lost_contents(const model::Schema& before, const model::Schema& after) {
  std::vector<std::string> words;
  for (const Object& object : after.objects) {
    const std::string missing = missing_content(object, after);
    const Object* known = find_named(before.objects, object.name.name);
    const bool is_news = known == nullptr || missing_content(*known, before).empty();
    if (missing.empty() || !is_news) continue;
    words.push_back("virtual table \"" + object.name.name + "\" reads " + missing +
                    ", which will not exist: it cannot be searched until it is recreated");
  }
  return words;
}

}  // namespace whimbrel::dialect::sqlite

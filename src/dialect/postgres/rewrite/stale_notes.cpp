#include "dialect/postgres/rewrite/stale_notes.h"

#include <algorithm>
#include <optional>
#include <set>

#include "operation/describe.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Name;
using model::Reference;
using model::Schema;

bool is_routine(const model::Object& object) { return object.kind == "function" || object.kind == "procedure"; }

/// Views and functions, and those that use them.
class Replaced {
 public:
  Replaced(std::set<Reference> items, const Schema& schema) : items_(std::move(items)) {
    for (std::size_t known = 0; known != items_.size();) {
      known = items_.size();
      for (const model::View& view : schema.views) {
        if (has(view.uses)) items_.insert({view.name, {}, {}});
      }
      for (const model::Object& object : schema.objects) {
        if (is_routine(object) && has(object.uses)) items_.insert({object.name, {}, object.kind});
      }
    }
  }

  [[nodiscard]] bool has(const model::Uses& uses) const {
    return uses.value && std::any_of(uses.value->begin(), uses.value->end(), [&](const Reference& used) {
             return items_.contains({used.name, {}, used.kind});
           });
  }

 private:
  std::set<Reference> items_;
};

/// A part of a table, or a materialized view, which has no name of a part.
struct Holder {
  std::string kind;
  Name table;
  std::string part{};
  auto operator<=>(const Holder&) const = default;
};

/// Returns everything that holds values computed with them.
std::vector<Holder> computed_with(const Replaced& replaced, const Schema& schema) {
  std::vector<Holder> holders;
  for (const model::Table& table : schema.tables) {
    const auto add = [&](const std::string& kind, const std::string& part, const model::Uses& uses) {
      if (replaced.has(uses)) holders.push_back({kind, table.name, part});
    };
    for (const model::Column& column : table.columns) {
      if (column.computed && column.computed->stored) add("column", column.name, column.computed->uses);
    }
    for (const model::Check& check : table.checks) add("check", check.name.text, check.uses);
    for (const model::Exclusion& exclusion : table.exclusions) add("exclusion", exclusion.name.text, exclusion.uses);
    for (const model::Index& index : table.indexes) add("index", index.name.text, index.uses);
  }
  for (const model::View& view : schema.views) {
    if (view.materialized && replaced.has(view.uses)) holders.push_back({"materialized view", view.name});
  }
  return holders;
}

/// Returns what the operations create, whose values are new. A new table stands for its parts.
std::set<Holder> made_by(const std::vector<Operation>& operations) {
  std::set<Holder> made;
  for (const Operation& operation : operations) {
    if (const auto* table = std::get_if<CreateTable>(&operation)) {
      made.insert({"table", table->table.name});
    } else if (const auto* column = std::get_if<AddColumn>(&operation)) {
      made.insert({"column", column->table, column->column.name});
    } else if (const auto* check = std::get_if<AddCheck>(&operation)) {
      made.insert({"check", check->table, check->check.name.text});
    } else if (const auto* exclusion = std::get_if<AddExclusion>(&operation)) {
      made.insert({"exclusion", exclusion->table, exclusion->exclusion.name.text});
    } else if (const auto* index = std::get_if<CreateIndex>(&operation)) {
      made.insert({"index", index->table, index->index.name.text});
    } else if (const auto* view = std::get_if<CreateView>(&operation)) {
      made.insert({"materialized view", view->view.name});
    }
  }
  return made;
}

/// Returns the view or function whose definition the operation replaces.
std::optional<Reference> replaced_by(const Operation& operation) {
  if (const auto* op = std::get_if<AlterView>(&operation)) {
    if (op->before.definition != op->after.definition) return Reference{op->after.name, {}, {}};
  } else if (const auto* altered = std::get_if<AlterObject>(&operation)) {
    if (is_routine(altered->after)) return Reference{altered->after.name, {}, altered->after.kind};
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> notes_on_stale_values(const std::vector<Operation>& operations, const Schema& to) {
  std::set<Reference> items;
  std::string replaced;
  for (const Operation& operation : operations) {
    const std::optional<Reference> item = replaced_by(operation);
    if (item && items.insert(*item).second) replaced += (replaced.empty() ? "" : ", ") + describe_target(operation);
  }
  if (items.empty()) return {};
  const std::set<Holder> made = made_by(operations);
  std::string words;
  for (const Holder& holder : computed_with(Replaced(std::move(items), to), to)) {
    if (made.contains(holder) || made.contains({"table", holder.table})) continue;
    const std::string of = holder.part.empty() ? " \"" : " \"" + holder.part + "\" of \"";
    words += (words.empty() ? "" : ", ") + holder.kind + of + to_string(holder.table) + '"';
  }
  if (words.empty()) return {};
  return {"does not recompute what used the old " + replaced + ": " + words +
          "; REINDEX, REFRESH MATERIALIZED VIEW, or an UPDATE of the rows does"};
}

}  // namespace whimbrel::dialect::postgres

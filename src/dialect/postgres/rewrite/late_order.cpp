#include "dialect/postgres/rewrite/late_order.h"

#include <algorithm>
#include <map>
#include <set>

#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using model::Schema;

/// The objects and views of a schema by kind and name.
class Ranks {
 public:
  explicit Ranks(const Schema& schema) {
    for (const model::Object& object : schema.objects) ranks_.emplace(std::pair(object.kind, object.name), object.rank);
    for (const model::View& view : schema.views) ranks_.emplace(std::pair(view_kind, view.name), view.rank);
  }

  [[nodiscard]] std::size_t of(const model::Object& object) const { return find({object.kind, object.name}); }
  [[nodiscard]] std::size_t of(const model::View& view) const { return find({view_kind, view.name}); }

 private:
  static inline const std::string view_kind = "view";

  [[nodiscard]] std::size_t find(const std::pair<std::string, model::Name>& key) const {
    const auto found = ranks_.find(key);
    return found == ranks_.end() ? 0 : found->second.value;
  }

  std::map<std::pair<std::string, model::Name>, model::Aside<std::size_t>> ranks_;
};

/// Sorts the operations that have a rank by it, at their places among the others; not if one of them has none.
template <class RankOf>
void sort_by_rank(std::vector<Operation>& operations, bool newest_first, RankOf rank_of) {
  std::vector<std::size_t> places;
  std::vector<std::pair<std::size_t, Operation>> ranked;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const std::optional<std::size_t> rank = rank_of(operations[i]);
    if (!rank) continue;
    if (*rank == 0) return;
    places.push_back(i);
    ranked.emplace_back(*rank, operations[i]);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [&](const auto& a, const auto& b) { return newest_first ? b.first < a.first : a.first < b.first; });
  for (std::size_t i = 0; i < places.size(); ++i) operations[places[i]] = std::move(ranked[i].second);
}

void order_drops(std::vector<Operation>& operations, const Ranks& ranks) {
  sort_by_rank(operations, true, [&](const Operation& operation) -> std::optional<std::size_t> {
    if (const auto* op = std::get_if<DropView>(&operation)) return ranks.of(op->view);
    const auto* op = std::get_if<DropObject>(&operation);
    if (op != nullptr && op->object.after_tables) return ranks.of(op->object);
    return std::nullopt;
  });
}

void order_creations(std::vector<Operation>& operations, const Ranks& ranks) {
  sort_by_rank(operations, false, [&](const Operation& operation) -> std::optional<std::size_t> {
    if (const auto* op = std::get_if<CreateView>(&operation)) return ranks.of(op->view);
    if (const auto* op = std::get_if<AlterObject>(&operation)) {
      return op->after.after_tables ? std::optional(ranks.of(op->after)) : std::nullopt;
    }
    const auto* op = std::get_if<CreateObject>(&operation);
    if (op != nullptr && op->object.after_tables) return ranks.of(op->object);
    return std::nullopt;
  });
}

/// The functions that are made or dropped while there are tables.
class LateFunctions {
 public:
  explicit LateFunctions(const std::vector<Operation>& operations) {
    for (const Operation& operation : operations) {
      if (const auto* made = std::get_if<CreateObject>(&operation)) add(made->object);
      if (const auto* dropped = std::get_if<DropObject>(&operation)) add(dropped->object);
    }
  }

  [[nodiscard]] bool empty() const { return names_.empty(); }

  [[nodiscard]] bool called_in(const std::string& expression) const {
    return std::any_of(names_.begin(), names_.end(),
                       [&](const std::string& name) { return sql::mentions(expression, name, postgres_syntax); });
  }
  [[nodiscard]] bool called_in(const model::Check& check) const { return called_in(check.expression); }
  [[nodiscard]] bool called_in(const model::Exclusion& exclusion) const { return called_in(exclusion.definition); }
  [[nodiscard]] bool called_in(const model::Index& index) const {
    return called_in(index.where) ||
           std::any_of(index.columns.begin(), index.columns.end(),
                       [&](const model::KeyPart& part) { return called_in(part.expression); });
  }
  [[nodiscard]] bool called_in(const model::Column& column) const {
    return column.default_expression && called_in(*column.default_expression);
  }

 private:
  /// `total` of `total(integer)`
  void add(const model::Object& object) {
    if (object.after_tables && object.kind == "function") {
      names_.insert(object.name.name.substr(0, object.name.name.rfind('(')));
    }
  }

  std::set<std::string> names_;
};

/// Moves the parts that call a late function from the table to `taken`, each as what `make` makes of it.
template <class Part, class Make>
void take_parts(std::vector<Part>& parts, const LateFunctions& functions, std::vector<Operation>& taken, Make make) {
  for (const Part& part : parts) {
    if (functions.called_in(part)) taken.emplace_back(make(part));
  }
  std::erase_if(parts, [&](const Part& part) { return functions.called_in(part); });
}

void take_from_creation(model::Table& table, const LateFunctions& functions, std::vector<Operation>& taken) {
  take_parts(table.checks, functions, taken, [&](const auto& check) { return AddCheck{table.name, check}; });
  take_parts(table.exclusions, functions, taken, [&](const auto& part) { return AddExclusion{table.name, part}; });
  take_parts(table.indexes, functions, taken, [&](const auto& index) { return CreateIndex{table.name, index}; });
  for (model::Column& column : table.columns) {
    if (!functions.called_in(column)) continue;
    const model::Column after = column;
    column.default_expression.reset();
    taken.emplace_back(AlterColumn{table.name, column, after, {}});
  }
}

void take_from_removal(model::Table& table, const LateFunctions& functions, std::vector<Operation>& taken) {
  take_parts(table.checks, functions, taken, [&](const auto& check) { return DropCheck{table.name, check}; });
  take_parts(table.exclusions, functions, taken, [&](const auto& part) { return DropExclusion{table.name, part}; });
  take_parts(table.indexes, functions, taken, [&](const auto& index) { return DropIndex{table.name, index}; });
  for (model::Column& column : table.columns) {
    if (!functions.called_in(column)) continue;
    const model::Column before = column;
    column.default_expression.reset();
    taken.emplace_back(AlterColumn{table.name, before, column, {}});
  }
}

/// Is it a part of a table that comes after the late functions that it calls?
bool comes_late(const Operation& operation, const LateFunctions& functions) {
  if (const auto* op = std::get_if<AddCheck>(&operation)) return functions.called_in(op->check);
  if (const auto* op = std::get_if<AddExclusion>(&operation)) return functions.called_in(op->exclusion);
  if (const auto* op = std::get_if<CreateIndex>(&operation)) return functions.called_in(op->index);
  const auto* op = std::get_if<AlterColumn>(&operation);
  return op != nullptr && functions.called_in(op->after);
}

bool goes_early(const Operation& operation, const LateFunctions& functions) {
  if (const auto* op = std::get_if<DropCheck>(&operation)) return functions.called_in(op->check);
  if (const auto* op = std::get_if<DropExclusion>(&operation)) return functions.called_in(op->exclusion);
  if (const auto* op = std::get_if<DropIndex>(&operation)) return functions.called_in(op->index);
  const auto* op = std::get_if<AlterColumn>(&operation);
  return op != nullptr && functions.called_in(op->before) && !functions.called_in(op->after);
}

}  // namespace

void take_out_late_parts(std::vector<Operation>& operations) {
  const LateFunctions functions(operations);
  if (functions.empty()) return;
  std::vector<Operation> taken;
  for (Operation& operation : operations) {
    if (auto* made = std::get_if<CreateTable>(&operation)) take_from_creation(made->table, functions, taken);
    if (auto* dropped = std::get_if<DropTable>(&operation)) take_from_removal(dropped->table, functions, taken);
  }
  for (Operation& operation : taken) operations.push_back(std::move(operation));
}

void order_late(std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  order_drops(operations, Ranks(from));
  order_creations(operations, Ranks(to));
  const LateFunctions functions(operations);
  if (functions.empty()) return;
  std::stable_partition(operations.begin(), operations.end(),
                        [&](const Operation& operation) { return goes_early(operation, functions); });
  std::stable_partition(operations.begin(), operations.end(),
                        [&](const Operation& operation) { return !comes_late(operation, functions); });
}

}  // namespace whimbrel::dialect::postgres

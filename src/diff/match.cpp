#include "diff/match.h"

#include <algorithm>

namespace whimbrel::diff {

bool ExpressionComparer::same(const model::Table& desired_table, ExpressionUse use, const std::string& column,
                              const std::string& current, const std::string& desired) {
  if (current == desired) return true;
  if (current.empty() || desired.empty()) return false;
  Key key{desired_table.name, use, column, current, desired};
  const auto answer = answers_.find(key);
  if (answer != answers_.end()) return answer->second;
  open_.emplace(std::move(key), &desired_table);
  return false;
}

bool ExpressionComparer::same(const model::View& current, const model::View& desired) {
  ViewKey key{current.definition, desired.definition};
  const auto answer = view_answers_.find(key);
  if (answer != view_answers_.end()) return answer->second;
  open_views_.emplace(std::move(key), ViewPair{&current, &desired});
  return false;
}

bool ExpressionComparer::ask() {
  if (open_.empty() && open_views_.empty()) return false;
  ask_expressions();
  ask_views();
  return true;
}

void ExpressionComparer::ask_expressions() {
  if (open_.empty()) return;
  std::vector<ExpressionPair> pairs;
  pairs.reserve(open_.size());
  for (const auto& [key, table] : open_) {
    const auto& [name, use, column, current, desired] = key;
    pairs.push_back({table, use, column, current, desired});
  }
  const std::vector<bool> same = comparison_.same_expressions(pairs);
  std::size_t i = 0;
  for (const auto& [key, table] : open_) answers_.emplace(key, same[i++]);
  open_.clear();
}

void ExpressionComparer::ask_views() {
  if (open_views_.empty()) return;
  std::vector<ViewPair> pairs;
  pairs.reserve(open_views_.size());
  for (const auto& [key, pair] : open_views_) pairs.push_back(pair);
  const std::vector<bool> same = comparison_.same_views(pairs);
  std::size_t i = 0;
  for (const auto& [key, pair] : open_views_) view_answers_.emplace(key, same[i++]);
  open_views_.clear();
}

bool Matcher::same_view(const model::View& current, const model::View& desired) const {
  if (current.materialized != desired.materialized) return false;
  return comparison_.same_words(current, desired) ||
         (calls_same(current.uses, desired.uses) && comparer_.same(current, desired));
}

bool Matcher::calls_same(const model::Uses& current, const model::Uses& desired) {
  const auto functions = [](std::vector<model::Reference> used) {
    std::erase_if(used, [](const model::Reference& one) { return one.kind != "function"; });
    return used;
  };
  return !current.value || !desired.value || functions(*current.value) == functions(*desired.value);
}

bool Matcher::same_triggers(const std::vector<model::Trigger>& current,
                            const std::vector<model::Trigger>& desired) const {
  return std::equal(current.begin(), current.end(), desired.begin(), desired.end(),
                    [&](const model::Trigger& a, const model::Trigger& b) { return comparison_.same_trigger(a, b); });
}

bool Matcher::same_columns(const std::vector<std::string>& a, const std::vector<std::string>& b) const {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](const std::string& x, const std::string& y) { return same_column(x, y); });
}

bool Matcher::same_parts(const model::Table& table, const std::vector<model::KeyPart>& current,
                         const std::vector<model::KeyPart>& desired) const {
  return std::equal(current.begin(), current.end(), desired.begin(), desired.end(),
                    [&](const model::KeyPart& a, const model::KeyPart& b) {
                      // Without a collation, the column's applies.
                      const model::Column* column = a.collation.empty() ? table.find_column(b.column) : nullptr;
                      const std::string& collation = column ? column->collation : a.collation;
                      const bool same_collation =
                          b.collation.empty() || same_name(NameKind::collation, collation, b.collation);
                      return same_column(a.column, b.column) && same_collation && a.descending == b.descending &&
                             a.length == b.length && a.nulls == b.nulls && a.operator_class == b.operator_class &&
                             same_expression(table, ExpressionUse::key_part, a.expression, b.expression);
                    });
}

bool Matcher::same_content(const model::Table& table, const model::Unique& current,
                           const model::Unique& desired) const {
  return same_parts(table, current.columns, desired.columns) && current.deferral == desired.deferral &&
         current.nulls_not_distinct == desired.nulls_not_distinct && same_columns(current.included, desired.included);
}

bool Matcher::same_content(const model::Table& table, const model::Exclusion& current,
                           const model::Exclusion& desired) const {
  return same_expression(table, ExpressionUse::exclusion, current.definition, desired.definition) &&
         current.deferral == desired.deferral;
}

bool Matcher::same_content(const model::Table& table, const model::Check& current, const model::Check& desired) const {
  return current.expression == desired.expression ||
         (calls_same(current.uses, desired.uses) &&
          same_expression(table, ExpressionUse::check, current.expression, desired.expression));
}

bool Matcher::same_content(const model::Table& table, const model::Index& current, const model::Index& desired) const {
  return current.unique == desired.unique && current.method == desired.method && current.parser == desired.parser &&
         same_columns(current.included, desired.included) && current.nulls_not_distinct == desired.nulls_not_distinct &&
         same_parts(table, current.columns, desired.columns) && current.where.empty() == desired.where.empty() &&
         same_expression(table, ExpressionUse::predicate, current.where, desired.where) &&
         ((current.columns == desired.columns && current.where == desired.where) ||
          calls_same(current.uses, desired.uses)) &&
         current.invalid == desired.invalid;
}

bool Matcher::same_content(const model::Table&, const model::ForeignKey& current,
                           const model::ForeignKey& desired) const {
  return same_columns(current.columns, desired.columns) &&
         fold_name(NameKind::table, current.referenced_table) == fold_name(NameKind::table, desired.referenced_table) &&
         same_columns(current.referenced_columns, desired.referenced_columns) &&
         current.on_delete == desired.on_delete && current.on_update == desired.on_update &&
         current.deferral == desired.deferral && same_columns(current.set_columns, desired.set_columns);
}

}  // namespace whimbrel::diff

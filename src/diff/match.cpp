#include "diff/match.h"

#include <algorithm>

namespace whimbrel::diff {

bool ExpressionJudge::same(const model::Table& desired_table, const std::string& current, const std::string& desired) {
  if (current == desired) return true;
  if (current.empty() || desired.empty()) return false;
  Key key{desired_table.name, current, desired};
  const auto answer = answers_.find(key);
  if (answer != answers_.end()) return answer->second;
  open_.emplace(std::move(key), &desired_table);
  return false;
}

bool ExpressionJudge::ask() {
  if (open_.empty()) return false;
  std::vector<ExpressionPair> pairs;
  pairs.reserve(open_.size());
  for (const auto& [key, table] : open_) pairs.push_back({table, std::get<1>(key), std::get<2>(key)});
  const std::vector<bool> same = comparison_.same_expressions(pairs);
  std::size_t i = 0;
  for (const auto& [key, table] : open_) answers_.emplace(key, same[i++]);
  open_.clear();
  return true;
}

model::Name Matcher::fold_name(const model::Name& name) const { return {fold(name.schema), fold(name.name)}; }

bool Matcher::same_names(const std::vector<std::string>& a, const std::vector<std::string>& b) const {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](const std::string& x, const std::string& y) { return same_name(x, y); });
}

bool Matcher::same_parts(const model::Table& table, const std::vector<model::KeyPart>& current,
                         const std::vector<model::KeyPart>& desired) const {
  return std::equal(current.begin(), current.end(), desired.begin(), desired.end(),
                    [&](const model::KeyPart& a, const model::KeyPart& b) {
                      // A collation that is not said is the column's, whichever it is.
                      const model::Column* column = a.collation.empty() ? table.find_column(b.column) : nullptr;
                      const std::string& collation = column ? column->collation : a.collation;
                      const bool same_collation = b.collation.empty() || same_name(collation, b.collation);
                      return same_name(a.column, b.column) && same_collation && a.descending == b.descending &&
                             same_expression(table, a.expression, b.expression);
                    });
}

bool Matcher::same_content(const model::Table& table, const model::Unique& current,
                           const model::Unique& desired) const {
  return same_parts(table, current.columns, desired.columns);
}

bool Matcher::same_content(const model::Table& table, const model::Check& current, const model::Check& desired) const {
  return same_expression(table, current.expression, desired.expression);
}

bool Matcher::same_content(const model::Table& table, const model::Index& current, const model::Index& desired) const {
  return current.unique == desired.unique && same_parts(table, current.columns, desired.columns) &&
         current.where.empty() == desired.where.empty() && same_expression(table, current.where, desired.where);
}

bool Matcher::same_content(const model::Table&, const model::ForeignKey& current,
                           const model::ForeignKey& desired) const {
  return same_names(current.columns, desired.columns) &&
         fold_name(current.referenced_table) == fold_name(desired.referenced_table) &&
         same_names(current.referenced_columns, desired.referenced_columns) && current.on_delete == desired.on_delete &&
         current.on_update == desired.on_update && current.deferral == desired.deferral;
}

}  // namespace whimbrel::diff

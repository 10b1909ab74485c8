#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "diff/diff.h"

namespace whimbrel::diff {

using model::NameKind;

/// Answers whether two expressions, or two views, are equivalent. The first pass collects pairs that differ as text,
/// the dialect answers for all of them at once, and the second pass uses the answers.
class ExpressionComparer {
 public:
  explicit ExpressionComparer(const Comparison& comparison) : comparison_(comparison) {}

  [[nodiscard]] bool same(const model::Table& desired_table, ExpressionUse use, const std::string& column,
                          const std::string& current, const std::string& desired);
  [[nodiscard]] bool same(const model::View& current, const model::View& desired);

  /// Asks about all collected pairs. Returns whether there were any: then another pass may answer differently.
  bool ask();

 private:
  using Key = std::tuple<model::Name, ExpressionUse, std::string, std::string, std::string>;
  using ViewKey = std::pair<std::string, std::string>;

  void ask_expressions();
  void ask_views();

  const Comparison& comparison_;
  std::map<Key, bool> answers_;
  std::map<Key, const model::Table*> open_;
  std::map<ViewKey, bool> view_answers_;  ///< By the two definitions.
  std::map<ViewKey, ViewPair> open_views_;
};

/// Compares the parts of tables, with names compared as the dialect does.
class Matcher {
 public:
  Matcher(const Comparison& comparison, ExpressionComparer& comparer) : comparison_(comparison), comparer_(comparer) {}

  [[nodiscard]] const Comparison& database() const { return comparison_; }
  [[nodiscard]] const model::TypeMapping& mapping() const { return comparison_.mapping(); }
  [[nodiscard]] std::string fold(NameKind kind, std::string_view name) const { return mapping().fold(kind, name); }
  [[nodiscard]] model::Name fold_name(NameKind kind, const model::Name& name) const {
    return mapping().fold_name(kind, name);
  }
  [[nodiscard]] bool same_name(NameKind kind, std::string_view a, std::string_view b) const {
    return mapping().same_name(kind, a, b);
  }
  [[nodiscard]] bool same_column(std::string_view a, std::string_view b) const {
    return same_name(NameKind::column, a, b);
  }
  [[nodiscard]] bool same_columns(const std::vector<std::string>& a, const std::vector<std::string>& b) const;
  /// Returns whether two statements create the same view.
  [[nodiscard]] bool same_view(const model::View& current, const model::View& desired) const;
  /// In this order.
  [[nodiscard]] bool same_triggers(const std::vector<model::Trigger>& current,
                                   const std::vector<model::Trigger>& desired) const;
  [[nodiscard]] bool same_expression(const model::Table& table, ExpressionUse use, const std::string& current,
                                     const std::string& desired, const std::string& column = {}) const {
    return comparer_.same(table, use, column, current, desired);
  }

  /// Returns whether expressions whose words differ can be the same: not if they call different functions, which the
  /// database that is asked may lack. Unknown uses are no difference.
  [[nodiscard]] static bool calls_same(const model::Uses& current, const model::Uses& desired);

  /// Compare constraints without their names. `table` is the desired one.
  [[nodiscard]] bool same_parts(const model::Table& table, const std::vector<model::KeyPart>& current,
                                const std::vector<model::KeyPart>& desired) const;
  [[nodiscard]] bool same_content(const model::Table& table, const model::Unique& current,
                                  const model::Unique& desired) const;
  [[nodiscard]] bool same_content(const model::Table& table, const model::Check& current,
                                  const model::Check& desired) const;
  [[nodiscard]] bool same_content(const model::Table& table, const model::Index& current,
                                  const model::Index& desired) const;
  [[nodiscard]] bool same_content(const model::Table& table, const model::Exclusion& current,
                                  const model::Exclusion& desired) const;
  /// Foreign keys without referenced columns reference the primary key.
  [[nodiscard]] bool same_content(const model::Table& table, const model::ForeignKey& current,
                                  const model::ForeignKey& desired) const;

 private:
  const Comparison& comparison_;
  ExpressionComparer& comparer_;
};

}  // namespace whimbrel::diff

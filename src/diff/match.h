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

  [[nodiscard]] const sql::Syntax& syntax() const { return comparison_.syntax(); }
  [[nodiscard]] std::string fold(NameKind kind, std::string_view name) const { return comparison_.fold(kind, name); }
  [[nodiscard]] model::NameLimit identifier_limit() const { return comparison_.identifier_limit(); }
  [[nodiscard]] model::Name fold_name(NameKind kind, const model::Name& name) const;
  [[nodiscard]] bool same_name(NameKind kind, std::string_view a, std::string_view b) const {
    return a == b || fold(kind, a) == fold(kind, b);
  }
  [[nodiscard]] bool same_column(std::string_view a, std::string_view b) const {
    return same_name(NameKind::column, a, b);
  }
  [[nodiscard]] bool same_columns(const std::vector<std::string>& a, const std::vector<std::string>& b) const;
  [[nodiscard]] bool same_type(const model::Type& current, const model::Type& desired) const {
    return comparison_.same_type(current, desired);
  }
  [[nodiscard]] bool allows_type(const model::Table& desired, const model::Type& current) const {
    return comparison_.allows_type(desired, current);
  }
  [[nodiscard]] bool numbers_rows(const model::Table& table, const model::Column& column) const {
    return comparison_.numbers_rows(table, column);
  }
  [[nodiscard]] bool sorts_by_values() const { return comparison_.sorts_by_values(); }
  [[nodiscard]] model::Type enum_type(const model::Name& name) const { return comparison_.enum_type(name); }
  void find_uses(model::Table& table) const { comparison_.find_uses(table); }
  [[nodiscard]] bool leaves_out_casts() const { return comparison_.leaves_out_casts(); }
  [[nodiscard]] bool same_words(const model::View& current, const model::View& desired) const {
    return comparison_.same_words(current, desired);
  }
  /// Returns whether two statements create the same view.
  [[nodiscard]] bool same_view(const model::View& current, const model::View& desired) const;
  [[nodiscard]] bool same_trigger(const model::Trigger& current, const model::Trigger& desired) const {
    return comparison_.same_trigger(current, desired);
  }
  [[nodiscard]] bool fires_in_order_of_creation(const model::Trigger& a, const model::Trigger& b) const {
    return comparison_.fires_in_order_of_creation(a, b);
  }
  [[nodiscard]] bool describes_options() const { return comparison_.describes_options(); }
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

#include "entity/lower_view.h"

#include <algorithm>
#include <map>
#include <set>

#include "entity/feature.h"
#include "sql/lexer.h"

namespace whimbrel::entity {

namespace {

using detail::EntityBuilder;

/// Puts each view after its dependencies: those that it declares, and those whose names occur in its query.
class ViewOrder {
 public:
  ViewOrder(const Builders& views, const Builders& tables, const std::string& prefix, const sql::Syntax& syntax)
      : views_(views), tables_(tables), syntax_(syntax), state_(views.size(), State::unseen) {
    for (std::size_t i = 0; i < views.size(); ++i) places_.emplace(sql::to_lower(prefix + views[i].table_name), i);
    for (std::size_t i = 0; i < views.size(); ++i) place(i);
  }

  [[nodiscard]] const std::vector<std::size_t>& result() const { return result_; }

 private:
  enum class State { unseen, entered, placed };

  void place(std::size_t index) {
    if (state_[index] == State::placed) return;
    if (state_[index] == State::entered) {
      fail(views_[index].entity, "", "the view depends on itself through its dependencies",
           "Remove one of the dependencies.");
    }
    state_[index] = State::entered;
    for (const std::string& dependency : views_[index].view->dependencies) place_dependency(index, dependency);
    for (const std::size_t mentioned : mentioned_by(views_[index].view->query)) {
      if (state_[mentioned] == State::unseen) place(mentioned);
    }
    state_[index] = State::placed;
    result_.push_back(index);
  }

  [[nodiscard]] std::set<std::size_t> mentioned_by(const std::string& query) const {
    std::set<std::size_t> mentioned;
    for (const std::string& name : sql::mentioned_names(query, syntax_)) {
      const auto [first, end] = places_.equal_range(name);
      for (auto place = first; place != end; ++place) mentioned.insert(place->second);
    }
    return mentioned;
  }

  void place_dependency(std::size_t index, const std::string& dependency) {
    for (std::size_t i = 0; i < views_.size(); ++i) {
      if (views_[i].entity == dependency) return place(i);
    }
    const bool is_table = std::any_of(tables_.begin(), tables_.end(), [&](const EntityBuilder& table) {
      return !table.is_made && table.is(dependency);
    });
    if (is_table) return;
    fail(views_[index].entity, "",
         "the view depends on " + unqualified(dependency) + ", which is not listed in entities<...>()",
         "Add it to entities<...>().");
  }

  const Builders& views_;
  const Builders& tables_;
  const sql::Syntax& syntax_;
  std::multimap<std::string, std::size_t> places_;  ///< By the names of the views in lower case.
  std::vector<State> state_;
  std::vector<std::size_t> result_;
};

/// Returns the query without surrounding blanks and a final semicolon.
std::string query_of(const EntityBuilder& entity, const sql::Syntax& syntax) {
  const std::string& query = entity.view->query;
  const std::string blanks = " \t\r\n;";
  const std::size_t start = query.find_first_not_of(blanks);
  std::string trimmed = query.substr(start, query.find_last_not_of(blanks) - start + 1);
  const std::vector<sql::Token> tokens = sql::tokenize(trimmed, syntax);
  if (std::any_of(tokens.begin(), tokens.end(), [](const sql::Token& token) { return token.is(";"); })) {
    fail(entity.entity, "", "the query of the view contains several statements",
         "Set one SELECT, without a semicolon.");
  }
  return trimmed;
}

}  // namespace

std::vector<model::View> lower_views(const Builders& views, const Builders& tables, const std::string& prefix,
                                     const Context& context) {
  std::vector<model::View> result;
  const ViewOrder order(views, tables, prefix, context.mapping.syntax());
  for (const std::size_t index : order.result()) {
    const EntityBuilder& entity = views[index];
    const ViewDescription& description = *entity.view;
    if (description.materialized) require(context.mapping, model::Feature::materialized_views, entity.entity, "");
    if (!description.schema.empty()) require(context.mapping, model::Feature::schemas, entity.entity, "");
    if (!description.columns.empty()) require(context.mapping, model::Feature::view_columns, entity.entity, "");
    model::View& view = result.emplace_back();
    view.name = {description.schema, prefix + entity.table_name};
    view.entity.value = unqualified(entity.entity);
    view.materialized = description.materialized;
    view.definition = context.mapping.create_view(
        {view.name, description.columns, query_of(entity, context.mapping.syntax()), view.materialized});
  }
  return result;
}

}  // namespace whimbrel::entity

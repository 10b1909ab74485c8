#include <algorithm>
#include <unordered_set>

#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/column_text.h"
#include "dialect/mysql/inspect/fields.h"
#include "dialect/mysql/inspect/statement_text.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/syntax.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using sql::Token;
using sql::TokenKind;

/// The names in the query of a view, as information_schema has it: in quotes, tables after the name of the database.
struct ViewNames {
  std::set<std::string> relations;
  std::unordered_set<std::string> words;  ///< All names, in lower case.
};

ViewNames read_names(const std::string& query, const std::string& database) {
  ViewNames names;
  const std::vector<Token> tokens = sql::tokenize(query, mysql_syntax);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::quoted_identifier) continue;
    names.words.insert(sql::to_lower(tokens[i].value()));
    const bool is_qualified = i >= 2 && tokens[i - 1].is(".") && tokens[i - 2].value() == database;
    if (is_qualified) names.relations.insert(tokens[i].value());
  }
  return names;
}

/// The columns are those of the used tables whose name occurs, which can be one too many.
std::vector<model::Reference> uses_of(const ViewNames& names, CatalogState& state) {
  std::vector<model::Reference> used;
  for (const std::string& relation : names.relations) {
    const model::Table* const table = state.find_table(relation);
    const bool is_view = std::find(state.views.begin(), state.views.end(), relation) != state.views.end();
    if (table == nullptr && !is_view) continue;
    used.push_back({relation, {}, {}});
    if (table == nullptr) continue;
    for (const model::Column& column : table->columns) {
      if (names.words.contains(sql::to_lower(column.name))) used.push_back({relation, column.name, {}});
    }
  }
  std::sort(used.begin(), used.end());
  return used;
}

/// Sorts views after those that they use.
void order_views(std::vector<model::View>& views) {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < views.size(); ++i) places.emplace(views[i].name.name, i);
  std::vector<bool> is_placed(views.size());
  std::vector<model::View> ordered;
  ordered.reserve(views.size());
  const auto place = [&](const auto& self, std::size_t index) -> void {
    if (is_placed[index]) return;
    is_placed[index] = true;
    if (views[index].uses.value) {
      for (const model::Reference& used : *views[index].uses.value) {
        const auto found = places.find(used.name.name);
        if (found != places.end()) self(self, found->second);
      }
    }
    ordered.push_back(std::move(views[index]));
  };
  for (std::size_t i = 0; i < views.size(); ++i) place(place, i);
  views = std::move(ordered);
}

}  // namespace

void read_views(const Catalog& catalog, const ShownStatements& shown, CatalogState& state) {
  std::map<std::string, std::string> queries;
  std::map<std::string, std::string> sessions;
  for (const std::vector<Value>& values : catalog.views.values) {
    Fields row(values);
    const std::string name = row.text();
    queries[name] = row.text();
    sessions[name] = view_session(row.text());
  }
  for (const std::string& name : state.views) {
    model::View view;
    view.name = name;
    // MariaDB leaves the database in the names of columns if the view cannot be used: `database`.`table`.`column`.
    view.definition = without_database(plain_view(shown.find("VIEW", name), state.user), state.database, 3);
    view.session.value = sessions[name];
    // Without the privilege to see the view, its query is empty.
    const std::string& query = queries[name];
    if (!query.empty()) view.uses.value = uses_of(read_names(query, state.database), state);
    state.schema.views.push_back(std::move(view));
  }
  order_views(state.schema.views);
}

}  // namespace whimbrel::dialect::mysql

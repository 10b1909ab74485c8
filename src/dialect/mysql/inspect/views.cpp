#include <algorithm>
#include <unordered_set>

#include "dialect/fields.h"
#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/statement_text.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/mysql/text/table_places.h"
#include "operation/uses.h"
#include "plan/reference_order.h"
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
  return operation::sorted_uses(std::move(used));
}

/// The servers write the name of the database before all tables and columns if the query has a table of another one.
class OwnNames {
 public:
  OwnNames(const std::string& statement, const std::string& database)
      : statement_(statement), database_(database), tokens_(sql::tokenize(statement, mysql_syntax)) {
    find();
  }

  /// Returns the statement without the name of the database. It creates the same view in another database.
  [[nodiscard]] std::string without_database() const {
    std::string result;
    std::size_t copied = 0;
    for (const std::size_t i : places_) {
      result += statement_.substr(copied, tokens_[i].offset - copied);
      copied = tokens_[i + 2].offset;
    }
    return result + statement_.substr(copied);
  }

  /// The name of a table that, without that of the database, would also be the name of another one; empty: none is.
  [[nodiscard]] std::string ambiguous() const {
    if (!has_other_database_) return {};
    const auto found = std::find_if(columns_of_.begin(), columns_of_.end(),
                                    [&](const std::string& table) { return others_.contains(table); });
    return found == columns_of_.end() ? std::string() : *found;
  }

 private:
  void find() {
    TablePlaces places(tokens_);
    for (std::size_t i = 0; i + 2 < tokens_.size(); places.pass(), ++i) {
      const bool is_first = i == 0 || !tokens_[i - 1].is(".");
      if (!is_first || tokens_[i].kind != TokenKind::quoted_identifier || !tokens_[i + 1].is(".")) continue;
      const bool has_column = i + 3 < tokens_.size() && tokens_[i + 3].is(".");
      const bool is_place = places.can_be_table();
      const bool is_own = tokens_[i].value() == database_ && is_qualified_by_database(tokens_, i, is_place);
      if (is_own) places_.push_back(i);
      if (is_own && has_column) columns_of_.insert(sql::to_lower(tokens_[i + 2].value()));
      if (is_own) continue;
      has_other_database_ = has_other_database_ || has_column || is_place;
      if (has_column || !is_place) others_.insert(sql::to_lower(tokens_[has_column ? i + 2 : i].value()));
    }
  }

  const std::string& statement_;
  const std::string& database_;
  std::vector<Token> tokens_;
  std::vector<std::size_t> places_;
  std::set<std::string> columns_of_;  ///< The tables of the database before whose columns its name stands.
  std::set<std::string> others_;      ///< Aliases and other tables that columns are of.
  bool has_other_database_ = false;
};

/// `query`: with all names of databases, which MySQL leaves out of the statement. `is_for_others`: the definition is
/// compared with those of other databases.
std::string portable_definition(const model::View& view, const std::string& query, const std::string& database,
                                bool is_for_others) {
  const std::string table = OwnNames(query, database).ambiguous();
  if (table.empty()) return OwnNames(view.definition, database).without_database();
  if (!is_for_others) return view.definition;
  throw Error(ErrorKind::unsafe, "View \"" + view.name.name + "\" uses columns of table \"" + table +
                                     "\" and of another table or alias of that name, so that its query cannot be " +
                                     "written without the name of the database, \"" + database + "\".")
      .with_remedy("Recreate the view with an alias for the table.");
}

std::vector<model::Name> used_names(const model::View& view) {
  std::vector<model::Name> names;
  if (!view.uses.value) return names;
  for (const model::Reference& used : *view.uses.value) names.push_back(used.name);
  return names;
}

}  // namespace

void read_views(const Catalog& catalog, const ShownStatements& shown, const InspectScope& scope, CatalogState& state) {
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
    view.definition = plain_statement(shown.find("VIEW", name), state.user);
    view.session.value = sessions[name];
    // Without the privilege to see the view, its query is empty.
    const std::string& query = queries[name];
    view.definition = portable_definition(view, query, state.database, scope.everything);
    if (!query.empty()) view.uses.value = uses_of(read_names(query, state.database), state);
    state.schema.views.push_back(std::move(view));
  }
  plan::sort_by_needs(state.schema.views, used_names);
}

}  // namespace whimbrel::dialect::mysql

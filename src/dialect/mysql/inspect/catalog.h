#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/mysql/dialect.h"
#include "dialect/mysql/inspect/create_table.h"

/// The inspector asks in two rounds: eight queries for everything, whatever the number of tables; then what
/// information_schema does not say, from the statements of the few objects that have it.
namespace whimbrel::dialect::mysql {

/// The rows of the first round.
struct Catalog {
  std::string database;
  std::string user;  ///< `root@localhost`
  Rows::Data tables;
  Rows::Data columns;
  Rows::Data indexes;
  Rows::Data key_columns;   ///< Of foreign keys.
  Rows::Data foreign_keys;  ///< Their actions.
  Rows::Data checks;
  Rows::Data views;
  Rows::Data programs;  ///< Triggers; also routines and events, if they are read.
};

/// Returns the queries of the first round.
[[nodiscard]] std::vector<std::string> catalog_queries(const Server& server, const InspectScope& scope);
[[nodiscard]] Catalog read_catalog(Connection& connection, const Server& server, const InspectScope& scope);

/// Identifies what SHOW CREATE shows: its words, `VIEW`, and the name.
using Shown = std::pair<std::string, std::string>;

/// The statements of the second round.
class ShownStatements {
 public:
  /// Asks the connection for those of the objects.
  ShownStatements(Connection& connection, const Server& server, const std::set<Shown>& objects);

  /// Empty: the user may not see it.
  [[nodiscard]] std::string find(const char* kind, const std::string& name) const;

 private:
  std::map<Shown, std::string> statements_;
};

/// The state that the parts of the inspector fill.
struct CatalogState {
  const Server& server;
  std::string database;
  std::string user;  ///< `root@localhost`
  model::Schema schema{};
  std::map<std::string, std::size_t> places{};      ///< Of the tables.
  std::map<std::string, std::string> collations{};  ///< Of the tables.
  std::set<std::string> sequences{};
  std::vector<std::string> views{};

  [[nodiscard]] model::Table* find_table(const std::string& name) {
    const auto found = places.find(name);
    return found == places.end() ? nullptr : &schema.tables[found->second];
  }
};

void read_tables(const Catalog& catalog, const InspectScope& scope, CatalogState& state);
void read_columns(const Catalog& catalog, CatalogState& state);
void read_indexes(const Catalog& catalog, CatalogState& state);
void read_foreign_keys(const Catalog& catalog, CatalogState& state);
void read_checks(const Catalog& catalog, CatalogState& state);

/// Returns what the first round does not say.
[[nodiscard]] std::set<Shown> to_show(const Catalog& catalog, const InspectScope& scope, const CatalogState& state);
void add_details(const ShownStatements& shown, CatalogState& state);
void read_triggers(const Catalog& catalog, const ShownStatements& shown, CatalogState& state);
void read_views(const Catalog& catalog, const ShownStatements& shown, const InspectScope& scope, CatalogState& state);
void read_objects(const Catalog& catalog, const ShownStatements& shown, CatalogState& state);

}  // namespace whimbrel::dialect::mysql

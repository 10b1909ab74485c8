#pragma once

#include <map>
#include <string>

#include "dialect/mysql/dialect.h"

namespace whimbrel::dialect::mysql {

/// The options of a new table of the database that does not specify them.
struct TableDefaults {
  std::string engine;
  std::string charset;
  std::string collation;
  std::map<std::string, std::string> collations;  ///< The default collation of each character set.
};
[[nodiscard]] TableDefaults read_table_defaults(Connection& connection);
/// Gives tables of entities the options that they do not specify, and columns with a character set a collation.
void add_options(model::Schema& desired, const model::Schema& current, const TableDefaults& defaults,
                 const Server& server);
/// Gives columns of entities the form in which the server reports them: computed ones of MariaDB are nullable, and
/// CURRENT_TIMESTAMP has one spelling in ON UPDATE.
void turn_columns(model::Schema& desired, const Server& server);

/// Gives desired triggers, routines and events the session in which the same existing ones were created, if they mean
/// the same in both: servers have different SQL modes.
void keep_sessions(model::Schema& desired, const model::Schema& current);

/// Gives desired events that do not say when they start the start of the same existing one, unless an earlier call took
/// it out of them: then the existing one does not say it either.
void keep_starts(diff::SchemaPair& pair);

/// Leaves existing tables whose rows are in other tables or elsewhere as they are: they are not compared.
void keep_connected_tables(diff::SchemaPair& pair);

/// Returns the schemas in the form in which they are compared: the desired one has what the server adds by itself. That
/// is an index for each foreign key that has none, a collation that a column shares with its table, and the form of a
/// unique index.
[[nodiscard]] diff::SchemaPair normalised(const model::Schema& current, model::Schema desired);

}  // namespace whimbrel::dialect::mysql

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/fields.h"

namespace whimbrel::dialect::postgres {

/// Identifies a row of the catalog: pg_class and the OID.
using Key = std::pair<std::string, std::int64_t>;

/// The rows of the inspector's queries. OIDs are those of pg_class and other catalog tables.
struct Catalog {
  Rows::Data relations;
  Rows::Data columns;
  Rows::Data constraints;
  Rows::Data indexes;
  Rows::Data uses;
  Rows::Data triggers;
  Rows::Data enums;
  Rows::Data objects;
  Rows::Data type_contents;
  Rows::Data comments;
  Rows::Data privileges;  ///< Only if they are read.
};

/// Runs the statements in a transaction that is rolled back, and returns the rows of each; `begin` begins it. Inside a
/// transaction it uses a savepoint. All changes are undone, also after an error.
std::vector<Rows::Data> run_apart(Connection& connection, std::string_view begin,
                                  const std::vector<std::string>& statements);

/// Sets, until the end of run_apart(), how the server spells names and constants, independently of the session.
[[nodiscard]] std::string spelling_settings();

/// The results of the queries for one state of the database.
[[nodiscard]] std::vector<Rows::Data> read_together(Connection& connection, std::vector<std::string> queries);

/// `with_privileges`: if true, owners and privileges are read, too.
[[nodiscard]] Catalog read_catalog(Connection& connection, const InspectScope& scope, bool with_privileges);

/// Reads also what rows of the catalog contain.
class Fields : public dialect::Fields {
 public:
  using dialect::Fields::Fields;

  [[nodiscard]] char letter();
  [[nodiscard]] Key key();
  /// Parses the numbers in `{1,2}` or `1 2`.
  [[nodiscard]] std::vector<std::int64_t> numbers();
};

}  // namespace whimbrel::dialect::postgres

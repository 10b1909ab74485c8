#include "dialect/postgres/inspect/catalog.h"

#include <charconv>
#include <utility>

#include "dialect/postgres/inspect/queries.h"

namespace whimbrel::dialect::postgres {

namespace {

// Only the default schema is visible, so names in it are unqualified, and others are qualified. Temporary tables come
// last, because they would hide it. Other settings determine the format of constants, as in pg_dump. JIT compilation
// pays off for queries that run for seconds: for joins of the catalog, the server expects far more rows than there are,
// and compiling would take longer than running.
constexpr const char* settings = R"sql(
SELECT pg_catalog.set_config('search_path', CASE WHEN pg_catalog.current_schema() IS NULL THEN ''
         ELSE pg_catalog.concat(pg_catalog.quote_ident(pg_catalog.current_schema()), ', pg_temp') END, true),
       pg_catalog.set_config('DateStyle', 'ISO', true), pg_catalog.set_config('IntervalStyle', 'postgres', true),
       pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('bytea_output', 'hex', true),
       pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('quote_all_identifiers', 'off', true),
       pg_catalog.set_config('jit', 'off', true))sql";

/// Ends a transaction or savepoint, whatever its state.
void leave(Connection& connection, bool is_inside) {
  try {
    if (is_inside) {
      connection.run("ROLLBACK TO SAVEPOINT whimbrel_apart; RELEASE SAVEPOINT whimbrel_apart");
    } else if (connection.is_transaction_active()) {
      connection.run("ROLLBACK");
    }
  } catch (const Error&) {
    // The connection is lost, which the first error reports.
  }
}

}  // namespace

std::string spelling_settings() { return settings; }

std::vector<Rows::Data> run_apart(Connection& connection, std::string_view begin,
                                  const std::vector<std::string>& statements) {
  const bool is_inside = connection.is_transaction_active();
  std::vector<std::string> all;
  all.reserve(statements.size() + 3);
  all.emplace_back(is_inside ? "SAVEPOINT whimbrel_apart" : begin);
  all.insert(all.end(), statements.begin(), statements.end());
  all.emplace_back(is_inside ? "ROLLBACK TO SAVEPOINT whimbrel_apart" : "ROLLBACK");
  if (is_inside) all.emplace_back("RELEASE SAVEPOINT whimbrel_apart");
  try {
    std::vector<Rows::Data> results = connection.run_together(all);
    results.erase(results.begin());
    results.resize(statements.size());
    return results;
  } catch (const Error&) {
    leave(connection, is_inside);
    throw;
  }
}

std::vector<Rows::Data> read_together(Connection& connection, std::vector<std::string> queries) {
  queries.insert(queries.begin(), spelling_settings());
  std::vector<Rows::Data> results = run_apart(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", queries);
  results.erase(results.begin());
  return results;
}

Catalog read_catalog(Connection& connection, const InspectScope& scope, bool with_privileges) {
  const OidFilter filter = find_oid_filter(connection, scope);
  std::vector<std::string> queries = catalog_queries(filter, connection.version());
  if (with_privileges) queries.push_back(privileges_query(scope));
  std::vector<Rows::Data> rows = read_together(connection, std::move(queries));
  rows.resize(11);
  return {std::move(rows[0]), std::move(rows[1]), std::move(rows[2]), std::move(rows[3]),
          std::move(rows[4]), std::move(rows[5]), std::move(rows[6]), std::move(rows[7]),
          std::move(rows[8]), std::move(rows[9]), std::move(rows[10])};
}

char Fields::letter() {
  const std::string letters = text();
  return letters.empty() ? '\0' : letters.front();
}

Key Fields::key() {
  std::string catalog = text();
  return {std::move(catalog), number()};
}

std::vector<std::int64_t> Fields::numbers() {
  const std::string list = text();
  std::vector<std::int64_t> result;
  for (std::size_t at = list.find_first_of("-0123456789"); at != std::string::npos;
       at = list.find_first_of("-0123456789", at)) {
    const char* const begin = list.data() + at;
    const auto [end, failure] = std::from_chars(begin, list.data() + list.size(), result.emplace_back());
    at = failure == std::errc{} ? static_cast<std::size_t>(end - list.data()) : at + 1;
  }
  return result;
}

}  // namespace whimbrel::dialect::postgres

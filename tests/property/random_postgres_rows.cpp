#include "property/random_postgres_rows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "change/sample_rows.h"
#include "dialect/postgres/text/sqlstate.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"
#include "support/dialects.h"
#include "support/postgres_server.h"
#include "whimbrel/error.h"

namespace whimbrel::test {

namespace {

std::string quoted(const std::string& name) { return sql::quote_identifier(name, dialect::postgres::postgres_syntax); }

/// Adds the rows that the proof of a migration makes.
void make_rows(dialect::Connection& connection, const model::Schema& schema) {
  std::set<model::Name> all;
  for (const model::Table& table : schema.tables) all.insert(table.name);
  change::RowMaker maker(postgres_dialect(), connection);
  for (const dialect::SampledTable& sampled : change::tables_to_sample(schema, all)) maker.make(*sampled.table);
}

}  // namespace

std::string random_value(const model::Column& column, Random& random) {
  if (column.nullable && random.chance(30)) return "NULL";
  static const std::map<std::string, std::vector<std::string>> values = {
      {"boolean", {"true", "false"}},
      {"uuid", {for_server("gen_random_uuid()")}},
      {"jsonb", {"'{\"a\": [1, null]}'"}},
      {"json", {"'{\"a\":  1}'"}},
      {"date", {"'2024-02-29'"}},
      {"bytea", {R"('\x00ff')"}},
      {"interval", {"'1 day 2 hours'"}},
      {"integer[]", {"'{1,2}'"}},
      {"text[]", {"'{a,\"b c\"}'"}},
      {"inet", {"'10.0.0.1/8'"}},
      {"bit varying", {"B'101'"}},
      {"time", {"'12:34:56.789'"}},
      {"character", {"'ab'"}},
  };
  if (!column.enum_name.empty()) return column.type.name.ends_with("[]") ? "'{glad,so so}'" : "'so so'";
  const auto found = values.find(column.type.name);
  if (found != values.end()) return random.pick(found->second);
  if (column.type.name.starts_with("timestamp")) return "'2024-02-29 12:34:56.789'";
  return "'" + std::to_string(random.below(30000)) + "'";
}

void add_random_rows(dialect::Connection& connection, const model::Schema& schema, Random& random) {
  if (random.chance(10)) return make_rows(connection, schema);
  for (const model::Table& table : schema.tables) {
    for (std::size_t i = 0, count = random.below(6); i < count; ++i) {
      std::string columns;
      std::string values;
      for (const model::Column& column : table.columns) {
        const bool refers = std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                                        [&](const auto& key) { return key.columns.front() == column.name; });
        if (column.computed || column.auto_increment) continue;
        const std::string separator = columns.empty() ? "" : ", ";
        columns += separator + quoted(column.name);
        values += separator + (refers ? (random.chance(70) ? "NULL" : "1") : random_value(column, random));
      }
      const std::string into = "INSERT INTO " + quoted(table.name.name);
      try {
        connection.run(columns.empty() ? into + " DEFAULT VALUES" : into + '(' + columns + ") VALUES (" + values + ')');
      } catch (const Error& error) {
        // It is no row of this table: a key or a check refuses it.
        CAPTURE(error.what());
        REQUIRE(dialect::postgres::sqlstate(error).starts_with("23"));
      }
    }
  }
}

}  // namespace whimbrel::test

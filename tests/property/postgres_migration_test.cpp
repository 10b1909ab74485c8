#include <doctest/doctest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "change/affected_objects.h"
#include "dialect/postgres/dialect.h"
#include "dialect/postgres/text/sqlstate.h"
#include "dialect/postgres/text/syntax.h"
#include "operation/describe.h"
#include "property/postgres_dump.h"
#include "property/random_postgres_rows.h"
#include "sql/writer.h"
#include "support/dialects.h"
#include "support/environment.h"
#include "support/postgres_server.h"
#include "support/random_postgres_schema.h"
#include "whimbrel/postgres.h"

using namespace whimbrel;

namespace {

using Strings = std::vector<std::string>;
using test::Dump;
using test::random_value;
using test::require_same;

std::string quoted(const std::string& name) { return sql::quote_identifier(name, dialect::postgres::postgres_syntax); }

/// A schema that becomes another, in a schema of the server that has its own name.
struct Pair {
  std::uint64_t seed = 0;
  std::string name;
  model::Schema before, after;
  std::vector<sql::Statement> up, down;
  std::map<std::string, Strings> rows;  ///< Of the columns that nothing touches.
  std::map<std::string, Strings> untouched;
  dialect::AffectedObjects part;  ///< What the statements are about.
  bool is_refused = false;
};

class Database {
 public:
  Database() : url_(test::fresh_database()), connection_(postgres::driver().open({.url = url_})) {}

  [[nodiscard]] const std::string& url() const { return url_; }
  dialect::Connection& connection() { return *connection_; }
  void run(const std::string& statement) { connection_->run(statement); }
  void use(const std::string& schema) { run("SET search_path = " + schema); }
  model::Schema inspect() { return canonical(dialect::postgres::inspect(*connection_, {})); }

  void create(const std::string& name, const model::Schema& schema) {
    run("CREATE SCHEMA " + name);
    use(name);
    std::vector<operation::Operation> operations;
    for (const model::Enum& type : schema.enums) operations.emplace_back(operation::CreateEnum{type});
    for (const model::Table& table : schema.tables) operations.emplace_back(operation::CreateTable{table});
    for (const model::View& view : schema.views) operations.emplace_back(operation::CreateView{view});
    const auto plan = dialect::postgres::make_rewriter()->rewrite({plan::order(operations), {}}, {}, schema);
    for (const sql::Statement& statement : dialect::postgres::generate(plan.up)) run(statement.sql);
  }

  /// In one transaction; the reason if rows do not fit.
  std::string migrate(const std::vector<sql::Statement>& statements) {
    run("BEGIN");
    try {
      for (const sql::Statement& statement : statements) {
        CAPTURE(statement.sql);
        run(statement.sql);
      }
      run("COMMIT");
      return {};
    } catch (const Error& error) {
      run("ROLLBACK");
      return std::string(error.what()) + " [" + dialect::postgres::sqlstate(error) + "] " + error.statement();
    }
  }

  Strings rows(const std::string& table, const Strings& columns) {
    std::string list;
    for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + quoted(column) + "::text";
    Strings result;
    for (const auto& row :
         connection_->run("SELECT " + (list.empty() ? "1" : list) + " FROM " + quoted(table)).values) {
      std::string line;
      for (const Value& value : row) line += (value.is_null() ? "NULL" : value.text()) + "|";
      result.push_back(line);
    }
    std::sort(result.begin(), result.end());
    return result;
  }

 private:
  std::string url_;
  std::unique_ptr<dialect::Connection> connection_;
};

std::map<std::string, Strings> untouched_columns(const model::Schema& before, const model::Schema& after) {
  std::map<std::string, Strings> result;
  for (const model::Table& table : before.tables) {
    const model::Table* const other = after.find_table(table.name);
    if (other == nullptr) continue;
    Strings& columns = result[table.name.name];
    for (const model::Column& column : table.columns) {
      const model::Column* const kept = other->find_column(column.name);
      if (kept != nullptr && *kept == column) columns.push_back(column.name);
    }
  }
  return result;
}

std::map<std::string, Strings> rows_of(Database& database, const Pair& pair) {
  std::map<std::string, Strings> rows;
  for (const auto& [table, columns] : pair.untouched) rows[table] = database.rows(table, columns);
  return rows;
}

diff::Answers fills_for(const std::vector<operation::Operation>& operations, const model::Schema& target,
                        test::Random& random) {
  diff::Answers answers;
  for (const diff::MissingBackfill& missing : diff::missing_backfills(operations)) {
    model::Column column = *target.find_table(missing.table)->find_column(missing.column);
    column.nullable = false;
    answers.backfills[{missing.table.name, missing.column}] =
        column.enum_name.empty()
            ? random_value(column, random)
            : sql::quote_string(target.find_enum(column.enum_name)->values.front(), dialect::postgres::postgres_syntax);
    if (column.type.name.ends_with("[]")) answers.backfills[{missing.table.name, missing.column}] = "'{}'";
  }
  return answers;
}

diff::Ownership everything() {
  diff::Ownership ownership;
  ownership.everything = true;
  return ownership;
}

void add_views(model::Schema& schema, test::Random& random) {
  for (const model::Table& table : schema.tables) {
    if (!random.chance(20)) continue;
    model::View view;
    view.name = "v " + table.name.name;
    view.definition = dialect::postgres::create_view(view.name, "SELECT count(*) AS n FROM " + quoted(table.name.name),
                                                     random.chance(30));
    view.materialized = view.definition.starts_with("CREATE MATERIALIZED");
    schema.views.push_back(view);
  }
}

std::string differences(const model::Schema& current, const model::Schema& desired,
                        const diff::Comparison& comparison) {
  const diff::Difference difference = diff::diff(current, desired, comparison, {}, everything());
  std::string words;
  for (const operation::Operation& operation : difference.operations) words += describe(operation) + '\n';
  return words;
}

void begin(Database& database, Pair& pair) {
  test::RandomPostgresSchema random(pair.seed);
  pair.before = random.schema();
  pair.after = random.changed(pair.before);
  add_views(pair.before, random);
  for (const model::View& view : pair.before.views) {
    const bool keeps_table = pair.after.find_table(view.name.name.substr(2)) != nullptr;
    if (keeps_table && random.chance(80)) pair.after.views.push_back(view);
  }
  database.create(pair.name, pair.before);
  test::add_random_rows(database.connection(), pair.before, random);
  const model::Schema start = database.inspect();
  const auto comparison = dialect::postgres::make_comparison(test::postgres_dialect(), database.connection());
  REQUIRE(differences(start, pair.before, *comparison) == std::string());
  diff::Difference difference = diff::diff(start, pair.after, *comparison, {}, everything());
  const diff::Answers fills = fills_for(difference.operations, difference.target, random);
  difference = diff::diff(start, pair.after, *comparison, fills, everything());
  const plan::Plan plan = plan::plan(difference.renames, difference.operations, difference.after_renames(start),
                                     difference.target, *dialect::postgres::make_rewriter());
  pair.up = dialect::postgres::generate(plan.up);
  pair.down = dialect::postgres::generate(plan.down);
  change::SchemaChange generated;
  generated.script = {pair.up, pair.down};
  generated.operations = difference.renames;
  generated.operations.insert(generated.operations.end(), difference.operations.begin(), difference.operations.end());
  pair.part = change::affected_objects(generated, dialect::postgres::postgres_syntax);
  pair.untouched = untouched_columns(start, difference.target);
  pair.rows = rows_of(database, pair);
}

std::string script_of(const Pair& pair) {
  std::string script;
  for (const auto& statement : pair.up) script += statement.sql + ";\n";
  script += "-- down\n";
  for (const auto& statement : pair.down) script += statement.sql + ";\n";
  return script;
}

/// Does the server refuse rows, and nothing else? Class 22: a value cannot be converted; 23: a constraint is violated.
bool is_about_rows(const std::string& reason) {
  return reason.find(" [22") != std::string::npos || reason.find(" [23") != std::string::npos;
}

void go(Database& database, Pair& pair, const std::vector<sql::Statement>& statements) {
  database.use(pair.name);
  const std::string reason = database.migrate(statements);
  CAPTURE(reason);
  if (!reason.empty()) REQUIRE(is_about_rows(reason));
  pair.is_refused = !reason.empty();
  REQUIRE(rows_of(database, pair) == pair.rows);
}

void go_up(Database& database, Pair& pair) {
  go(database, pair, pair.up);
  if (pair.is_refused) return;
  const auto comparison = dialect::postgres::make_comparison(test::postgres_dialect(), database.connection());
  REQUIRE(differences(database.inspect(), pair.after, *comparison) == std::string());
}

template <class Named>
const Named* find_named(const std::vector<Named>& items, const model::Name& name) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const Named& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

/// What is wanted of a copy: what does not change as the copy has it, if it has it.
template <class Named>
std::vector<Named> wanted_of_copy(const std::vector<Named>& after, const std::vector<Named>& before,
                                  const std::vector<Named>& copy) {
  std::vector<Named> wanted;
  for (const Named& item : after) {
    const Named* const old = find_named(before, item.name);
    const Named* const copied = find_named(copy, item.name);
    if (old == nullptr || !(*old == item)) {
      wanted.push_back(item);
    } else if (copied != nullptr) {
      wanted.push_back(*copied);
    }
  }
  return wanted;
}

/// A copy of the part that the statements are about is enough to try them on, there and back.
void try_on_part(Database& database, const Pair& pair) {
  database.use(pair.name);
  dialect::InspectScope scope;
  scope.part = pair.part;
  Strings left_out;
  const auto copy =
      dialect::postgres::copy_schema(database.connection(), scope, dialect::CopyUse::generated_statements, left_out);
  REQUIRE(left_out.empty());
  const model::Schema start = dialect::postgres::inspect(*copy, {});
  model::Schema wanted;
  wanted.tables = wanted_of_copy(pair.after.tables, pair.before.tables, start.tables);
  wanted.views = wanted_of_copy(pair.after.views, pair.before.views, start.views);
  wanted.enums = wanted_of_copy(pair.after.enums, pair.before.enums, start.enums);
  const auto comparison = dialect::postgres::make_comparison(test::postgres_dialect(), *copy);
  const auto arrive = [&](const std::vector<sql::Statement>& statements, const model::Schema& end) {
    for (const sql::Statement& statement : statements) {
      CAPTURE(statement.sql);
      copy->run(statement.sql);
    }
    REQUIRE(differences(dialect::postgres::inspect(*copy, {}), end, *comparison) == std::string());
  };
  arrive(pair.up, wanted);
  arrive(pair.down, start);
}

/// Plays some pairs side by side, since pg_dump takes its time. Returns how many were refused.
std::size_t play(std::uint64_t first, std::size_t count) {
  Database database;
  Database fresh;
  std::vector<Pair> pairs(count);
  const auto each = [&](const auto& function) {
    for (Pair& pair : pairs) {
      CAPTURE(pair.seed);
      const std::string script = script_of(pair);
      CAPTURE(script);
      function(pair);
    }
  };
  for (std::size_t i = 0; i < count; ++i) {
    pairs[i].seed = first + i;
    pairs[i].name = "p" + std::to_string(i);
  }
  each([&](Pair& pair) { begin(database, pair); });
  each([&](const Pair& pair) {
    if (pair.seed % 3 == 0) try_on_part(database, pair);
  });
  each([&](Pair& pair) { fresh.create(pair.name, pair.after); });
  const Dump start = test::dump_schemas(database.url());
  const Dump expected = test::dump_schemas(fresh.url());
  each([&](Pair& pair) { go_up(database, pair); });
  const Dump arrived = test::dump_schemas(database.url());
  each([&](const Pair& pair) {
    const Dump& right = pair.is_refused ? start : expected;
    require_same(arrived.at(pair.name), right.at(pair.name));
  });
  std::size_t refused = 0;
  each([&](Pair& pair) {
    if (!pair.is_refused) go(database, pair, pair.down);
    if (pair.is_refused) ++refused;
  });
  const Dump back = test::dump_schemas(database.url());
  each([&](const Pair& pair) {
    if (!pair.is_refused) require_same(back.at(pair.name), start.at(pair.name));
  });
  return refused;
}

}  // namespace

// WHIMBREL_PAIRS and WHIMBREL_SEED ask for more, or for one again.
TEST_CASE("a random PostgreSQL schema becomes another and comes back, as pg_dump sees it") {
  const std::uint64_t first = test::number_from_environment("WHIMBREL_SEED", 1);
  const std::uint64_t pairs = test::number_from_environment("WHIMBREL_POSTGRES_PAIRS", 300);
  constexpr std::uint64_t together = 20;
  std::size_t refused = 0;
  for (std::uint64_t done = 0; done < pairs; done += together) {
    refused += play(first + done, std::min(together, pairs - done));
  }
  std::cout << "postgres: " << pairs << " pairs of schemas from seed " << first << ", " << refused
            << " refused because rows did not fit\n";
  CHECK(refused < pairs / 3 + 1);
}

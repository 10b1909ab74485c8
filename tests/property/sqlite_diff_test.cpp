#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "change/schema_source.h"
#include "cli/console.h"
#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/text/syntax.h"
#include "sql/writer.h"
#include "support/dialects.h"
#include "support/environment.h"
#include "support/random_schema.h"
#include "temporary_directory.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;

namespace {

std::string quoted(const std::string& name) { return sql::quote_identifier(name, dialect::sqlite::sqlite_syntax); }

/// Two views that use a table, with a trigger, and comments where they end.
void add_views(model::Schema& schema, test::RandomSchema& random) {
  for (const model::Table& table : schema.tables) {
    if (!random.chance(30)) continue;
    const std::string name = "v " + table.name.name;
    const std::string comment = random.chance(30) ? " -- the end" : "";
    model::View view{name,
                     "CREATE VIEW " + quoted(name) + " AS SELECT " + std::to_string(random.below(3)) +
                         " AS n, count(*) FROM " + quoted(table.name.name) + comment,
                     {}};
    if (random.chance(50)) {
      const std::string trigger = "on " + name;
      view.triggers.push_back({trigger, "CREATE TRIGGER " + quoted(trigger) + " INSTEAD OF INSERT ON " + quoted(name) +
                                            " BEGIN SELECT 'a;b'; SELECT 2; END"});
    }
    schema.views.push_back(std::move(view));
  }
}

/// What databases have and entities do not say.
void add_details(model::Schema& schema, test::RandomSchema& random) {
  for (model::Table& table : schema.tables) {
    if (table.primary_key && random.chance(20)) table.primary_key->name = std::string("PK of ") + table.name.name;
    for (model::Unique& unique : table.uniques) {
      if (random.chance(20)) unique.on_conflict = "IGNORE";
      if (random.chance(20)) unique.columns.front().collation = "NOCASE";
    }
    for (model::ForeignKey& key : table.foreign_keys) {
      if (random.chance(20)) key.match = "FULL";
      if (random.chance(20)) key.deferral = model::Deferral::initially_deferred;
    }
    for (model::Check& check : table.checks) {
      if (random.chance(20)) check.name = "named" + std::to_string(random.below(100));
    }
  }
}

std::string script_of(const model::Schema& schema) {
  std::vector<std::string> statements;
  const auto add = [&](const operation::Operation& operation) {
    for (sql::Statement& one : dialect::sqlite::generate({operation})) statements.push_back(std::move(one.sql));
  };
  for (const model::Table& table : schema.tables) add(operation::CreateTable{table});
  for (const model::View& view : schema.views) add(operation::CreateView{view});
  return cli::script_text(statements, dialect::sqlite::sqlite_syntax);
}

void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

/// Runs the script in SQLite's own shell. Returns what that says.
std::string run_in_shell(const std::string& database, const std::string& script, const test::TemporaryDirectory& at) {
  write(at.file("script.sql"), script);
  const std::string said = at.file("said");
  const std::string command =
      "sqlite3 -bail '" + database + "' < '" + at.file("script.sql") + "' > '" + said + "' 2>&1";
  const int code = std::system(command.c_str());
  std::ifstream file(said);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return code == 0 ? text : text + " (failed)";
}

void play(test::RandomSchema& random, const test::TemporaryDirectory& directory) {
  model::Schema before = random.schema();
  model::Schema after = random.changed(before);
  add_details(before, random);
  add_details(after, random);
  add_views(before, random);
  add_views(after, random);
  const Drivers drivers = detail::linked_drivers();
  const std::string database = directory.file("from.db");
  std::filesystem::remove(database);
  REQUIRE(run_in_shell(database, script_of(before), directory).empty());
  write(directory.file("to.sql"), script_of(after));

  const auto to = change::read_script(sqlite::driver(), "", directory.file("to.sql"));
  change::SchemaChange way;
  std::string stored;
  {
    const auto from = change::read_database(drivers, "sqlite:" + database);
    way = change::compare_whole(from, to, {});
  }
  for (const bool back : {false, true}) {
    const change::SchemaChange step = back ? change::reversed(way) : way;
    std::vector<std::string> statements = cli::texts(test::sqlite_dialect().as_script(step.script.up).statements);
    const std::string script = cli::script_text(statements, dialect::sqlite::sqlite_syntax);
    CAPTURE(script);
    REQUIRE(run_in_shell(database, script, directory).empty());
    const auto now = change::read_database(drivers, "sqlite:" + database);
    REQUIRE(canonical(now.schema) == canonical(step.target));
    if (!back) REQUIRE(change::compare_whole(now, to, {}).empty());
    if (!back) REQUIRE(change::compare_whole(to, now, {}).empty());
  }
}

}  // namespace

// WHIMBREL_DIFFS and WHIMBREL_SEED ask for more, or for one again.
TEST_CASE("what diff prints makes one schema another in SQLite's own shell, and back") {
  const std::uint64_t first = test::number_from_environment("WHIMBREL_SEED", 1);
  const std::uint64_t pairs = test::number_from_environment("WHIMBREL_DIFFS", 300);
  const test::TemporaryDirectory directory;
  for (std::uint64_t seed = first; seed < first + pairs; ++seed) {
    CAPTURE(seed);
    test::RandomSchema random(seed);
    play(random, directory);
  }
  std::cout << "sqlite: diffs of " << pairs << " pairs of schemas from seed " << first << '\n';
}

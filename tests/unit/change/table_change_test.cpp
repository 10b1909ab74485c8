#include "change/table_change.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "dialect/sqlite/dialect.h"
#include "support/dialects.h"
#include "unit/dialect/sqlite/open.h"
#include "whimbrel/error.h"

using namespace whimbrel;
using change::TableAction;
using change::TableChange;

namespace {

const dialect::Dialect& sqlite() { return test::sqlite_dialect(); }

model::Column column(const std::string& name, const std::string& type = "varchar") {
  model::Column result;
  result.name = name;
  result.type.name = type;
  return result;
}

model::Table user() {
  model::Table table;
  table.name = "user";
  table.columns = {column("id", "integer"), column("email")};
  table.primary_key.emplace();
  table.primary_key->columns = {"id"};
  return table;
}

std::string hash(const model::Table& table) { return change::hash_of(change::items_of(table, sqlite()), sqlite()); }

}  // namespace

TEST_CASE("a fingerprint does not see the order of columns, derived names and the case of names") {
  model::Table a = user();
  a.uniques.push_back({.name = "UQ_1", .columns = {"email"}});
  model::Table b = user();
  b.columns = {column("Email"), column("ID", "INT")};
  b.columns[1].type.name = "INTEGER";
  b.uniques.push_back({.name = "users_email_key", .columns = {"EMAIL"}});
  CHECK(hash(a) == hash(b));
  b.uniques.front().columns = {"id"};
  CHECK(hash(a) != hash(b));
}

TEST_CASE("a fingerprint sees each column, constraint, index, trigger and option") {
  const std::string before = hash(user());
  const auto changed = [&](const std::function<void(model::Table&)>& change) {
    model::Table table = user();
    change(table);
    return hash(table) != before;
  };
  CHECK(changed([](model::Table& t) { t.columns.push_back(column("nick")); }));
  CHECK(changed([](model::Table& t) { t.columns[1].nullable = true; }));
  CHECK(changed([](model::Table& t) { t.columns[1].default_expression = "''"; }));
  CHECK(changed([](model::Table& t) { t.columns[1].type.name = "blob"; }));
  CHECK(changed([](model::Table& t) { t.columns[1].collation = "NOCASE"; }));
  CHECK(changed([](model::Table& t) { t.primary_key.reset(); }));
  CHECK(changed([](model::Table& t) { t.uniques.push_back({.columns = {"email"}}); }));
  CHECK(changed([](model::Table& t) { t.checks.push_back({.expression = "id > 0"}); }));
  CHECK(changed([](model::Table& t) { t.foreign_keys.push_back({.columns = {"id"}, .referenced_table = "person"}); }));
  CHECK(changed([](model::Table& t) { t.indexes.push_back({.name = "i", .columns = {"email"}}); }));
  CHECK(changed([](model::Table& t) { t.triggers.push_back({"t", "CREATE TRIGGER t"}); }));
  CHECK(changed([](model::Table& t) { t.options["STRICT"]; }));
}

TEST_CASE("a rename on SQLite and its reverse, which change quotes and case of names, keep all fingerprints") {
  const auto connection = test::open_memory();
  connection->run(
      "CREATE TABLE t (Id INTEGER PRIMARY KEY, Name text CHECK (length(Name) < 50), up text AS (upper(name)) STORED,"
      " CHECK (name <> 'Name'));"
      "CREATE INDEX lower_name ON t (lower(name));"
      "CREATE INDEX positive ON t (id) WHERE name <> 'a';"
      "CREATE TRIGGER strip AFTER INSERT ON t BEGIN UPDATE t SET name = trim(name); END;"
      "CREATE VIEW named AS SELECT id FROM t WHERE name <> ''");
  const auto fingerprints = [&] {
    const model::Schema schema = sqlite().inspect(*connection, {});
    return std::pair(hash(schema.tables.at(0)),
                     change::hash_of(change::items_of(schema.views.at(0), sqlite()), sqlite()));
  };
  const auto before = fingerprints();
  connection->run("ALTER TABLE t RENAME COLUMN name TO full_name; ALTER TABLE t RENAME TO other");
  const auto renamed = fingerprints();
  CHECK(renamed.first != before.first);
  CHECK(renamed.second != before.second);
  connection->run("ALTER TABLE other RENAME TO t; ALTER TABLE t RENAME COLUMN full_name TO Name");
  CHECK(fingerprints() == before);
  // A text is not a name.
  connection->run("DROP INDEX positive; CREATE INDEX positive ON t (id) WHERE name <> 'A'");
  CHECK(fingerprints().first != before.first);
}

TEST_CASE("the tables that a migration knows come back from their text, whatever their names") {
  std::vector<TableChange> changes(4);
  changes[0] = {"user",
                "user",
                "aa",
                "bb",
                TableAction::rebuilt,
                TableAction::rebuilt,
                {{"column", "id", "01", "id", "01"},
                 {"column", "a b", "01", "a b", "02"},
                 {"column", "c", "01", "c", "01", true},
                 {"column", ")tables\"\n;[x]", "01", ")tables\"\n;[x]", {}},
                 {"foreign key", "\xc3\xb6.\xff", {}, "\xc3\xb6.\xff", "03"},
                 {"column", "-", "01", "", "01"}}};
  changes[1] = {{"my.schema", "%"}, {"my.schema", "%"}, "", "cc", TableAction::created, TableAction::dropped, {}};
  changes[2] = {"post", {"other", "article"}, "dd", "dd", TableAction::altered, TableAction::altered, {}};
  changes[3] = {{"my", "total(integer)"},
                {"my", "total(integer)"},
                "ee",
                "ff",
                TableAction::rebuilt,
                TableAction::rebuilt,
                {{"definition", "total(integer)", "ee", "total(integer)", "ff"}},
                "aggregate of mine"};
  const std::string text = change::to_text(changes);
  CHECK(change::read_table_changes(text) == changes);
  for (const char c : text)
    CHECK((c == '\n' || (c >= ' ' && c < 0x7F && std::string("\"();[]?\\").find(c) == std::string::npos)));
}

TEST_CASE("what is done to a table is known by all of its names, both ways") {
  model::Table a = user();
  a.name = "a";
  model::Table b = user();
  b.name = "b";
  b.columns.push_back(column("nick"));
  change::SchemaChange generated;
  generated.current.tables = {a, b};
  generated.target.tables = {a, b};
  generated.target.tables[0].columns = b.columns;
  generated.target.tables[1].columns = a.columns;
  const auto rename = [](const char* from, const char* to) { return operation::RenameTable{from, to}; };
  const auto rebuild = [](model::Table table) { return operation::RebuildTable{table, table, {}, "copy"}; };
  // They exchange their names, over a third one; what was `a` is rebuilt under its last name, and under its first one.
  plan::Plan plan;
  plan.up = {rename("a", "c"), rename("b", "a"), rename("c", "b"), rebuild(generated.target.tables[1])};
  plan.down = {rename("b", "c"), rename("a", "b"), rename("c", "a"), rebuild(a)};
  for (const bool is_first : {false, true}) {
    if (is_first) {
      std::rotate(plan.up.begin(), plan.up.begin() + 3, plan.up.end());
      std::get<operation::RebuildTable>(plan.up.front()).after.name = "a";
      std::rotate(plan.down.begin(), plan.down.begin() + 3, plan.down.end());
      std::get<operation::RebuildTable>(plan.down.front()).after.name = "b";
    }
    generated.parts = {{{}, plan}};
    const std::vector<TableChange> changes = change::table_changes(test::sqlite_dialect(), generated).front();
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].name_before == "a");
    CHECK(changes[0].name_after == "b");
    CHECK(changes[0].up == TableAction::rebuilt);
    CHECK(changes[0].down == TableAction::rebuilt);
    CHECK(changes[1].up == TableAction::altered);
    CHECK(changes[1].down == TableAction::altered);
  }
}

TEST_CASE("a text that is no list of tables is refused") {
  for (const char* const text :
       {"column id 01\n", "table user aa\n", "table user aa bb sideways rebuilt\n",
        "table user aa bb rebuilt rebuilt\n? column id 01\n", "table user aa bb rebuilt rebuilt\n  column id%4 01\n"}) {
    INFO(text);
    CHECK_THROWS_AS(static_cast<void>(change::read_table_changes(text)), Error);
  }
  CHECK(change::read_table_changes("\n").empty());
}

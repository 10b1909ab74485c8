#include <doctest/doctest.h>

#include "dialect/sqlite/dialect.h"
#include "operation/describe.h"
#include "support/dialects.h"
#include "unit/dialect/sqlite/open.h"

using namespace whimbrel;
using namespace whimbrel::test;
using dialect::sqlite::make_comparison;

namespace {

model::Table example() {
  model::Table table;
  table.name = "user";
  table.columns = {{.name = "id", .type = {"integer", {}}},
                   {.name = "Full Name", .type = {"varchar", {20}}, .collation = "NOCASE"},
                   {.name = "price", .type = {"decimal", {10, 2}}}};
  return table;
}

bool same(const std::string& current, const std::string& desired) {
  const auto connection = open_memory();
  const model::Table table = example();
  const std::vector<diff::ExpressionPair> pairs{{&table, diff::ExpressionUse::check, {}, current, desired}};
  return make_comparison(sqlite_dialect(), *connection)->same_expressions(pairs).at(0);
}

}  // namespace

TEST_CASE("spellings that SQLite compiles to one program are the same expression") {
  CHECK(same("price > 0", "\"price\">0"));
  CHECK(same("price <> 0 AND id != 1", "((PRICE != 0) and (id <> 1))"));
  CHECK(same("\"user\".\"id\" > 0", "id > 0"));
  CHECK(same("'a'", "('a')"));
  CHECK(same("0.30", "(3e-1)"));
  CHECK(same("x'00ff'", "X'00FF'"));
  CHECK(same("price <> x'0011'", "likelihood(price <> X'0011', 0.5)"));
  CHECK(same("price = 1 OR price = 0.3", "price = TRUE OR price = 0.3000000000000000000"));
  CHECK(same("price < 0x20000000000001", "price < 9007199254740993"));
  CHECK(same("price < 0x7fffffffffffffff", "price < 9223372036854775807"));
  CHECK(same("CURRENT_TIMESTAMP", "current_timestamp"));
  CHECK(same("lower(\"Full Name\")", "LOWER([Full Name])"));
}

TEST_CASE("expressions that differ in a value, a column, an operator, a collation or an affinity are not the same") {
  CHECK_FALSE(same("1", "2"));
  CHECK_FALSE(same("'a'", "'A'"));
  CHECK_FALSE(same("price > 0", "id > 0"));
  CHECK_FALSE(same("price > 0", "price >= 0"));
  CHECK_FALSE(same("price", "price COLLATE NOCASE"));
  CHECK_FALSE(same("\"Full Name\"", "\"Full Name\" COLLATE BINARY"));
  CHECK_FALSE(same("price", "+price"));
  CHECK_FALSE(same("price = 'x'", "price = 'x' COLLATE NOCASE"));
  CHECK_FALSE(same("1", "'1'"));
  CHECK_FALSE(same("0.3", "0.30000000000000004"));
  CHECK_FALSE(same("9223372036854775807", "0x7ffffffffffffffe"));
  CHECK_FALSE(same("9223372036854775807", "9223372036854775808"));
  CHECK_FALSE(same("9223372036854775808", "9223372036854779904"));
  CHECK_FALSE(same("price > -0.3", "price > -0.30000000000000004"));
  CHECK_FALSE(same("x'00ff'", "x'00fe'"));
  CHECK_FALSE(same("price <> x'0011'", "likelihood(price <> x'0022', 0.5)"));
  CHECK_FALSE(same("price <> 0.3", "likelihood(price <> 0.30000000000000004, 0.5)"));
}

TEST_CASE("an expression that does not compile is the same as none") {
  CHECK_FALSE(same("nothing.of", "nothing . of"));
  CHECK_FALSE(same("id >", "id > "));
  CHECK_FALSE(same("", " "));
  CHECK_FALSE(same("id)", "id )"));
}

TEST_CASE("expressions with a function that only the program has are compared") {
  CHECK(same("own_of(id)", "OWN_OF( id )"));
  CHECK_FALSE(same("own_of(id)", "own_of(price)"));
  CHECK_FALSE(same("own_of(id)", "other_of(id)"));
  CHECK_FALSE(same("own_of(id)", "own_of(id, 1)"));
}

TEST_CASE("many pairs over several tables are answered in their order") {
  const auto connection = open_memory();
  const model::Table user = example();
  model::Table other;
  other.name = "other";
  other.columns = {{.name = "x", .type = {}, .collation = "program's own"}};
  model::Table impossible;
  impossible.name = "impossible";
  constexpr auto use = diff::ExpressionUse::check;
  const std::vector<diff::ExpressionPair> pairs{{&user, use, {}, "id > 0", "id>0"},
                                                {&other, use, {}, "x = 'a'", "\"x\" = 'a'"},
                                                {&impossible, use, {}, "1", "1 "},
                                                {&user, use, {}, "id > 0", "id > 1"},
                                                {&other, use, {}, "x IS NULL", "x ISNULL"}};
  const auto comparison = make_comparison(sqlite_dialect(), *connection);
  CHECK(comparison->same_expressions(pairs) == std::vector<bool>{true, true, false, false, true});
  CHECK(comparison->same_expressions({}).empty());
  CHECK(number(*connection, "SELECT count(*) FROM sqlite_master") == 0);
}

TEST_CASE("names are the same whatever the case of their ASCII letters") {
  const auto connection = open_memory();
  const auto comparison = make_comparison(sqlite_dialect(), *connection);
  CHECK(comparison->mapping().fold(model::NameKind::table, "UserÄ") ==
        comparison->mapping().fold(model::NameKind::table, "userÄ"));
  CHECK(comparison->mapping().fold(model::NameKind::table, "Ä") !=
        comparison->mapping().fold(model::NameKind::table, "ä"));
}

TEST_CASE("types are the same whatever their spelling") {
  const auto connection = open_memory();
  const auto comparison = make_comparison(sqlite_dialect(), *connection);
  CHECK(comparison->same_type({"VARCHAR", {20}}, {"varchar", {20}}));
  CHECK(comparison->same_type({"int", {}}, {"integer", {}}));
  CHECK(comparison->same_type({"SMALLINT", {}}, {"integer", {}}));
  CHECK(comparison->same_type({"character varying", {20}}, {"varchar", {20}}));
  CHECK(comparison->same_type({"REAL", {}}, {"double", {}}));
  CHECK(comparison->same_type({"numeric", {4, 2}}, {"decimal", {4, 2}}));
  CHECK(comparison->same_type({"TIMESTAMP", {}}, {"datetime", {3}}));
  CHECK(comparison->same_type({"LongText", {}}, {"text", {}}));
  CHECK_FALSE(comparison->same_type({"integer", {}}, {"bigint", {}}));
  CHECK_FALSE(comparison->same_type({"tinyint", {1}}, {"boolean", {}}));
  CHECK_FALSE(comparison->same_type({"datetime", {}}, {"text", {}}));
  CHECK_FALSE(comparison->same_type({"numeric", {4, 2}}, {"decimal", {5, 2}}));
  CHECK_FALSE(comparison->same_type({"varchar", {20}}, {"varchar", {21}}));
}

TEST_CASE("two databases are compared to the letter of their types") {
  const auto connection = open_memory();
  const auto comparison = make_comparison(sqlite_dialect(), *connection);
  CHECK_FALSE(comparison->normalised({}, {}, true));
  CHECK(comparison->same_type({"VARCHAR", {20}}, {"varchar", {20}}));
  CHECK_FALSE(comparison->same_type({"SMALLINT", {}}, {"integer", {}}));
  CHECK_FALSE(comparison->normalised({}, {}, false));
  CHECK(comparison->same_type({"SMALLINT", {}}, {"integer", {}}));
}

TEST_CASE("INT and INTEGER are the same type but for a column that is the primary key alone") {
  const auto connection = open_memory();
  const auto comparison = make_comparison(sqlite_dialect(), *connection);
  const auto table = [](const std::string& type, std::vector<model::KeyPart> key) {
    model::Table result;
    result.name = "part";
    result.columns = {{.name = "id", .type = {type, {}}, .nullable = false}, {.name = "a", .nullable = false}};
    if (!key.empty()) result.primary_key = model::PrimaryKey{{}, std::move(key), ""};
    return result;
  };
  const auto changes = [&](const model::Table& from, const model::Table& to) {
    model::Schema before;
    model::Schema after;
    before.tables = {from};
    after.tables = {to};
    std::vector<std::string> words;
    for (const operation::Operation& one : diff::diff(before, after, *comparison).operations) {
      words.push_back(operation::describe(one));
    }
    return words;
  };
  using Words = std::vector<std::string>;
  const Words retyped{R"(change column "id" of "part" (type INT to integer))"};
  CHECK(changes(table("INT", {"id"}), table("integer", {"id"})) == retyped);
  CHECK(changes(table("INTEGER", {"id"}), table("INT", {"id"})).size() == 1);
  CHECK(changes(table("INTEGER", {"id"}), table("integer", {"id"})).empty());
  CHECK(changes(table("INT", {"id"}), table("int", {"id"})).empty());
  CHECK(changes(table("INT", {}), table("integer", {})).empty());
  CHECK(changes(table("INT", {"id", "a"}), table("integer", {"id", "a"})).empty());
  CHECK(changes(table("INT", {}), table("integer", {"id"})).size() == 2);
  CHECK(changes(table("INT", {"id", "a"}), table("integer", {"id"})).size() == 2);
  model::Table without_rowid = table("integer", {"id"});
  without_rowid.options["WITHOUT ROWID"] = "";
  CHECK(changes(table("INT", {"id"}), without_rowid).size() == 1);
}

TEST_CASE("renames are done as SQLite does them, in a copy") {
  const auto connection = open_memory();
  connection->run(
      "CREATE TABLE \"user\"(id integer PRIMARY KEY, name text UNIQUE CHECK (name <> ''));"
      "CREATE TABLE post(author REFERENCES \"user\"(name));"
      "CREATE INDEX by_name ON \"user\"(lower(name)) WHERE name > 'a';"
      "CREATE VIEW names AS SELECT name FROM \"user\";"
      "CREATE VIEW broken AS SELECT * FROM missing;"
      "CREATE TRIGGER t AFTER INSERT ON post BEGIN UPDATE \"user\" SET name = NEW.author; END;"
      "CREATE TRIGGER unusable AFTER DELETE ON \"user\" BEGIN DELETE FROM missing; END;");
  const model::Schema current = dialect::sqlite::inspect(*connection);
  const auto comparison = make_comparison(sqlite_dialect(), *connection);
  const std::vector<operation::Operation> renames = comparison->rename_steps(
      current, {operation::RenameTable{"user", "person"}, operation::RenameColumn{"person", "name", "full_name"}},
      false);
  const model::Schema renamed = comparison->after_renames(current, renames);

  const model::Table* person = renamed.find_table("person");
  REQUIRE(person != nullptr);
  CHECK(person->find_column("full_name") != nullptr);
  CHECK(contains(person->definition.value, "CHECK (\"full_name\" <> '')"));
  REQUIRE(person->indexes.size() == 1);
  CHECK(contains(person->indexes[0].definition.value, "ON \"person\"(lower(\"full_name\"))"));
  CHECK(person->triggers.size() == 1);
  const model::Table* post = renamed.find_table("post");
  REQUIRE(post != nullptr);
  CHECK(post->foreign_keys.at(0).referenced_table == model::Name("person"));
  CHECK(post->foreign_keys.at(0).referenced_columns == std::vector<std::string>{"full_name"});
  CHECK(contains(post->triggers.at(0).definition, "UPDATE \"person\" SET \"full_name\" = NEW.author"));
  REQUIRE(renamed.views.size() == 2);
  CHECK(contains(renamed.views[0].definition + renamed.views[1].definition, "SELECT \"full_name\" FROM \"person\""));
  CHECK(canonical(dialect::sqlite::inspect(*connection)) == canonical(current));
}

TEST_CASE("a rename goes on where a virtual table has triggers") {
  const auto connection = open_memory();
  if (connection->run("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").values.empty()) return;
  connection->run(
      "CREATE TABLE post(title text); CREATE VIRTUAL TABLE found USING fts5(title, content='post');"
      "CREATE TRIGGER find AFTER DELETE ON post BEGIN "
      "INSERT INTO found(found, rowid, title) VALUES ('delete', OLD.rowid, OLD.title); END;");
  const model::Schema renamed =
      make_comparison(sqlite_dialect(), *connection)
          ->after_renames(dialect::sqlite::inspect(*connection), {operation::RenameTable{"post", "article"}});
  const model::Table* article = renamed.find_table("article");
  REQUIRE(article != nullptr);
  REQUIRE(article->triggers.size() == 1);
  CHECK(contains(article->triggers[0].definition, "ON \"article\""));
}

#include "dialect/sqlite/rewrite/possible_failures.h"

#include <doctest/doctest.h>

namespace whimbrel::dialect::sqlite {

namespace {

using Lines = std::vector<std::string>;

model::Table table_with(const std::string& type, bool strict) {
  model::Table table;
  table.name = "t";
  table.columns = {{.name = "a", .type = {type, {}}}, {.name = "b", .type = {"text", {}}}};
  if (strict) table.options["STRICT"];
  return table;
}

std::string words(const std::string& refused) { return "fails if column \"a\" of \"t\" holds " + refused; }

}  // namespace

TEST_CASE("what a STRICT table does not store makes a change fail, and is said of each column") {
  struct Case {
    const char* before;
    const char* after;
    bool was_strict;
    std::string refused;
  };
  for (const Case& one :
       {Case{"int", "int", false, "a value that is not an integer"},
        Case{"real", "real", false, "a value that is not a number"}, Case{"text", "text", false, "a BLOB"},
        Case{"blob", "blob", false, "a value that is not a BLOB"}, Case{"any", "any", false, ""},
        Case{"text", "blob", true, "a value that is not a BLOB"},
        Case{"INTEGER", "BLOB", true, "a value that is not a BLOB"}, Case{"blob", "text", true, "a BLOB"},
        Case{"any", "text", true, "a BLOB"}, Case{"text", "real", true, "a value that is not a number"},
        Case{"real", "integer", true, "a value that is not an integer"}, Case{"int", "integer", true, ""},
        Case{"integer", "real", true, ""}, Case{"real", "text", true, ""}, Case{"blob", "any", true, ""}}) {
    CAPTURE(one.before);
    CAPTURE(one.after);
    const Lines notes = possible_failures(table_with(one.before, one.was_strict), table_with(one.after, true));
    Lines expected;
    if (!one.refused.empty()) expected.push_back(words(one.refused));
    if (!one.was_strict) expected.emplace_back("fails if column \"b\" of \"t\" holds a BLOB");
    CHECK(notes == expected);
  }
  CHECK(possible_failures(table_with("text", true), table_with("int", false)).empty());
}

TEST_CASE("a key that becomes the rowid takes only integers") {
  model::Table before = table_with("varchar", false);
  before.primary_key = model::PrimaryKey{{}, {"a"}, ""};
  model::Table after = table_with("integer", false);
  after.primary_key = before.primary_key;
  CHECK(possible_failures(before, after) == Lines{words("a value that is not an integer")});
  CHECK(possible_failures(after, before).empty());
  after.columns[0].type.name = "int";
  CHECK(possible_failures(before, after).empty());
}

TEST_CASE("a collation that treats more values as equal can make a key fail") {
  model::Table before = table_with("text", false);
  SUBCASE("the primary key") { before.primary_key = model::PrimaryKey{{}, {"b", "a"}, ""}; }
  SUBCASE("a unique") { before.uniques = {{"", {"b", "a"}, ""}}; }
  SUBCASE("a unique index") {
    model::Index& index = before.indexes.emplace_back();
    index.columns = {"b", "a"};
    index.unique = true;
  }
  model::Table after = before;
  after.columns[0].collation = "NOCASE";
  CHECK(possible_failures(before, after) ==
        Lines{"fails if \"t\" has values in (b, a) that only the new collation treats as duplicates"});
  CHECK(possible_failures(after, before).empty());
  for (model::Unique& unique : after.uniques) unique.columns[1].collation = "BINARY";
  for (model::Index& index : after.indexes) index.unique = false;
  if (!after.primary_key) CHECK(possible_failures(before, after).empty());
}

TEST_CASE("another order of a primary key can make a foreign key without columns fail") {
  model::Table before = table_with("text", false);
  before.primary_key = model::PrimaryKey{{}, {"a", "b"}, ""};
  model::Table after = before;
  after.primary_key = model::PrimaryKey{{}, {"b", "a"}, ""};
  model::Schema schema;
  schema.tables = {after, after};
  schema.tables[1].name = "child";
  model::ForeignKey& key = schema.tables[1].foreign_keys.emplace_back();
  key.columns = {"a", "b"};
  key.referenced_table = "T";
  CHECK(possible_failures(before, after, schema) ==
        Lines{"fails if \"child\" has a row whose foreign key finds no row of \"t\" by the columns of the new primary "
              "key"});
  CHECK(possible_failures(before, before, schema).empty());
  key.referenced_columns = {"a", "b"};
  CHECK(possible_failures(before, after, schema).empty());
}

}  // namespace whimbrel::dialect::sqlite

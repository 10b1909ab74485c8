#include "dialect/sqlite/inspect/constraint_reader.h"

#include <doctest/doctest.h>

#include "dialect/sqlite/inspect/reader.h"

using namespace whimbrel;
using dialect::sqlite::read_create_table;
using model::Deferral;
using model::ReferentialAction;

namespace {

using Texts = std::vector<std::string>;

model::Table table(std::string_view sql) { return read_create_table(sql); }

/// The first column of a table that has one more.
model::Column column(const std::string& definition) {
  return read_create_table("CREATE TABLE t(" + definition + ", z)").columns.at(0);
}

model::ForeignKey foreign_key(const std::string& rest) {
  const model::Table read = read_create_table("CREATE TABLE t(a REFERENCES " + rest + ")");
  REQUIRE(read.foreign_keys.size() == 1);
  return read.foreign_keys[0];
}

}  // namespace

TEST_CASE("the actions of a foreign key are read in any order; the last one counts") {
  const model::ForeignKey key =
      foreign_key("p(x) ON UPDATE SET NULL MATCH full ON DELETE RESTRICT ON INSERT CASCADE ON DELETE SET DEFAULT");
  CHECK(key.referenced_table == "p");
  CHECK(key.referenced_columns == Texts{"x"});
  CHECK(key.on_delete == ReferentialAction::set_default);
  CHECK(key.on_update == ReferentialAction::set_null);
  CHECK(key.match == "FULL");
  CHECK(foreign_key("p ON DELETE NO ACTION").on_delete == ReferentialAction::no_action);
  CHECK(foreign_key("p ON UPDATE CASCADE NOT NULL").on_update == ReferentialAction::cascade);
  CHECK(foreign_key("p MATCH [an y]").match == "\"an y\"");
}

TEST_CASE("a foreign key is deferred only if it says so") {
  CHECK(foreign_key("p").deferral == Deferral::not_deferrable);
  CHECK(foreign_key("p DEFERRABLE").deferral == Deferral::initially_immediate);
  CHECK(foreign_key("p DEFERRABLE INITIALLY IMMEDIATE").deferral == Deferral::initially_immediate);
  CHECK(foreign_key("p DEFERRABLE INITIALLY DEFERRED").deferral == Deferral::initially_deferred);
  CHECK(foreign_key("p NOT DEFERRABLE INITIALLY DEFERRED").deferral == Deferral::not_deferrable);
  CHECK(foreign_key("p NOT NULL DEFERRABLE INITIALLY DEFERRED").deferral == Deferral::initially_deferred);
  CHECK(table("CREATE TABLE t(a REFERENCES p, b DEFERRABLE INITIALLY DEFERRED)").foreign_keys[0].deferral ==
        Deferral::initially_deferred);
  CHECK(table("CREATE TABLE t(a DEFERRABLE)").foreign_keys.empty());
  const model::Table read = table(
      "CREATE TABLE t(a, FOREIGN KEY (a) REFERENCES p DEFERRABLE INITIALLY DEFERRED, "
      "FOREIGN KEY (a) REFERENCES q NOT DEFERRABLE)");
  CHECK(read.foreign_keys[0].deferral == Deferral::initially_deferred);
  CHECK(read.foreign_keys[1].deferral == Deferral::not_deferrable);
}

TEST_CASE("foreign keys of old versions may have collations and orders") {
  CHECK(table("CREATE TABLE t(a, FOREIGN KEY (a COLLATE nocase DESC) REFERENCES p(x ASC))")
            .foreign_keys[0]
            .referenced_columns == Texts{"x"});
}

TEST_CASE("a check of a column that only lists its values makes it an enum") {
  const model::Column read = column(R"("c" varchar CHECK( "c" IN ('a','it''s', '') ) NOT NULL)");
  CHECK(read.enum_values == Texts{"a", "it's", ""});
  CHECK_FALSE(read.nullable);
  CHECK(table("CREATE TABLE t(c CHECK(C in('a')))").checks.empty());
}

TEST_CASE("any other check stays one") {
  for (const std::string check :
       {"CHECK(d IN ('a'))", "CONSTRAINT n CHECK(c IN ('a'))", "CHECK(c NOT IN ('a'))", "CHECK(c IN ('a', 1))",
        "CHECK(c IN ())", "CHECK(c IN ('a',))", "CHECK((c) IN ('a'))", "CHECK(c IN ('a') AND 1)", "CHECK('c' IN ('a'))",
        "CHECK(c IN (x'00'))", "CHECK(c IN ('a' 'b'))", "CHECK(c IN (,'a'))"}) {
    CAPTURE(check);
    const model::Table read = table("CREATE TABLE t(c text " + check + ", d)");
    CHECK(read.columns[0].enum_values.empty());
    CHECK(read.checks.size() == 1);
  }
  CHECK(table("CREATE TABLE t(c, CHECK(c IN ('a')))").columns[0].enum_values.empty());
  const model::Table twice = table("CREATE TABLE t(c CHECK(c IN ('a','b')) CHECK(c IN ('a')))");
  CHECK(twice.columns[0].enum_values == Texts{"a", "b"});
  CHECK(twice.checks == std::vector<model::Check>{{{}, "c IN ('a')"}});
}

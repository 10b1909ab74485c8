#include "dialect/sqlite/inspect/type_reader.h"

#include <doctest/doctest.h>

#include "dialect/sqlite/inspect/reader.h"

using namespace whimbrel;
using dialect::sqlite::read_create_table;

namespace {

/// The first column of a table that has one more.
model::Column column(const std::string& definition) {
  return read_create_table("CREATE TABLE t(" + definition + ", z)").columns.at(0);
}

std::string type(const std::string& text) { return model::to_string(column("a " + text).type); }

}  // namespace

TEST_CASE("types keep their spelling, with one space between words") {
  CHECK(type("").empty());
  CHECK(type("VarChar") == "VarChar");
  CHECK(type("unsigned  big\nint") == "unsigned big int");
  CHECK(type("varchar ( 10 )") == "varchar(10)");
  CHECK(column("a decimal(10 , 2)").type == model::Type{"decimal", {10, 2}});
  CHECK(type("double precision(1) NOT NULL") == "double precision(1)");
}

TEST_CASE("type arguments that are no plain numbers become a part of the name") {
  CHECK(column("a decimal(-5, 2.5)").type == model::Type{"decimal(-5, 2.5)", {}});
  CHECK(column("a int(+1)").type == model::Type{"int(+1)", {}});
  CHECK(column("a int(007)").type == model::Type{"int(007)", {}});
  CHECK(column("a int(0)").type == model::Type{"int", {0}});
  CHECK(column("a int(99999999999)").type == model::Type{"int(99999999999)", {}});
}

TEST_CASE("a type in quotes is the type in them, as far as it can be written without") {
  CHECK(type("'integer'") == "integer");
  CHECK(type("\"unsigned int\"") == "unsigned int");
  CHECK(column("a [varchar] ").type == model::Type{"varchar", {}});
  CHECK(type("\"foo-bar\"") == "\"foo-bar\"");
  CHECK(type("\"not null\"") == "\"not null\"");
  CHECK(type("''").empty());
  CHECK(type("\"INTEGER\"(10)") == "INTEGER(10)");
  CHECK(type("[nvarchar] (50)") == "nvarchar(50)");
  CHECK(type("\"varchar(10)\"") == "\"varchar(10)\"");
  CHECK(type("\"select\"") == "\"select\"");
  CHECK(type("[int] generated always as (1)") == "int");
  CHECK(type("'INTEGER' second") == "'INTEGER' second");
  CHECK(type("[two words] real(1)") == "[two words] real(1)");
}

TEST_CASE("a comment inside of a type stays, since SQLite takes its words for the type's") {
  CHECK(type("foo /* INT */ bar") == "foo /* INT */ bar");
  CHECK(type("foo /* INT */") == "foo");
}

TEST_CASE("the words of a computed column are a type where they introduce none") {
  CHECK(type("generated") == "generated");
  CHECK(type("always") == "always");
  CHECK(type("generated always int") == "generated always int");
  CHECK(type("int generated always") == "int");
}

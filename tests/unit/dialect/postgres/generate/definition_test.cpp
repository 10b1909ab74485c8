#include "dialect/postgres/generate/definition.h"

#include <doctest/doctest.h>

namespace whimbrel::dialect::postgres {

TEST_CASE("a name with a suffix is cut to what PostgreSQL takes, and not within a character") {
  CHECK(with_suffix("short", "_key") == "short_key");
  const std::string cut = with_suffix(std::string(80, 'a'), "_pkey");
  CHECK(cut == std::string(58, 'a') + "_pkey");
  CHECK(with_suffix(std::string(57, 'a') + "üü", "_pkey") == std::string(57, 'a') + "_pkey");
}

TEST_CASE("a default stands in parentheses unless it is one literal, one word or one call") {
  CHECK(default_sql("'a'") == "'a'");
  CHECK(default_sql("-1") == "-1");
  CHECK(default_sql("CURRENT_DATE") == "CURRENT_DATE");
  CHECK(default_sql("lower('a' || ('b'))") == "lower('a' || ('b'))");
  CHECK(default_sql("lower('a') || upper('b')") == "(lower('a') || upper('b'))");
  CHECK(default_sql("1 + 2") == "(1 + 2)");
}

TEST_CASE("what has no name is named as PostgreSQL does") {
  const model::Name table("t");
  model::Unique unique;
  unique.columns = {"a", "b"};
  CHECK(constraint_name(table, unique) == "t_a_b_key");
  unique.name = "given";
  CHECK(constraint_name(table, unique) == "given");
  CHECK(constraint_name(table, model::PrimaryKey()) == "t_pkey");
  CHECK(constraint_name(table, model::Exclusion()) == "t_excl");
  model::ForeignKey key;
  key.columns = {"a"};
  CHECK(constraint_name(table, key) == "t_a_fkey");
  model::Index index;
  index.columns = {"a"};
  index.columns.emplace_back();
  CHECK(constraint_name(table, index) == "t_a_expr_idx");
}

TEST_CASE("comments and collations are written with what they are of") {
  CHECK(comment_sql("TABLE \"t\"", "it's") == "COMMENT ON TABLE \"t\" IS 'it''s'");
  model::Column column;
  column.name = "a";
  CHECK(comment_sql(model::Name("s", "t"), column) == "COMMENT ON COLUMN \"s\".\"t\".\"a\" IS NULL");
  CHECK(collation_sql("C") == "COLLATE \"C\"");
  CHECK(collation_sql("\"s\".\"plain\"") == "COLLATE \"s\".\"plain\"");
}

TEST_CASE("a foreign key says all that it has") {
  model::ForeignKey key;
  key.name = "fk";
  key.columns = {"a", "b"};
  key.referenced_table = {"s", "t"};
  key.referenced_columns = {"c", "d"};
  key.match = "FULL";
  key.on_delete = model::ReferentialAction::set_null;
  key.set_columns = {"b"};
  key.on_update = model::ReferentialAction::cascade;
  key.deferral = model::Deferral::initially_deferred;
  key.not_valid = true;
  CHECK(
      constraint_sql(model::Name("u"), key) ==
      "CONSTRAINT \"fk\" FOREIGN KEY (\"a\", \"b\") REFERENCES \"s\".\"t\"(\"c\", \"d\") MATCH FULL ON DELETE SET NULL "
      "(\"b\") ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID");
}

}  // namespace whimbrel::dialect::postgres

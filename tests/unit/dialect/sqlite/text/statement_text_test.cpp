#include "dialect/sqlite/text/statement_text.h"

#include <doctest/doctest.h>

using whimbrel::dialect::sqlite::same_but_for_quotes;

TEST_CASE("statements are the same but for the quotes of their names") {
  CHECK(same_but_for_quotes("DELETE FROM msg WHERE a = 'x'", "delete from \"Msg\"\nWHERE [a]='x' -- y"));
  CHECK_FALSE(same_but_for_quotes("SELECT \"a\"", "SELECT 'a'"));
  CHECK_FALSE(same_but_for_quotes("SELECT 'a'", "SELECT 'A'"));
  CHECK_FALSE(same_but_for_quotes("SELECT a", "SELECT a, b"));
  // A word that has a meaning of its own is no name.
  CHECK_FALSE(same_but_for_quotes("SELECT true", "SELECT \"true\""));
  CHECK_FALSE(same_but_for_quotes("FROM a LEFT JOIN b", "FROM a \"LEFT\" JOIN b"));
  CHECK_FALSE(same_but_for_quotes("ORDER BY a", "\"order\" BY a"));
  // Other databases reserve this one.
  CHECK(same_but_for_quotes("SELECT id FROM user", "SELECT id FROM \"user\""));
}

#include "sql/null_literal.h"

#include <doctest/doctest.h>

#include "dialect/sqlite/text/syntax.h"

using whimbrel::sql::is_null_literal;

TEST_CASE("NULL is known in every spelling, and nothing else is taken for it") {
  for (const char* text : {"NULL", "null", " (NULL) ", "((Null))", "NULL -- none"}) {
    CAPTURE(text);
    CHECK(is_null_literal(text, whimbrel::dialect::sqlite::sqlite_syntax));
  }
  for (const char* text : {"", "'NULL'", "\"NULL\"", "NULL::text", "NULL + 1", "()", "(NULL", "0"}) {
    CAPTURE(text);
    CHECK_FALSE(is_null_literal(text, whimbrel::dialect::sqlite::sqlite_syntax));
  }
}

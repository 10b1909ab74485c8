#include "sql/token_reader.h"

#include <doctest/doctest.h>

using namespace whimbrel;
using sql::TokenReader;

TEST_CASE("the tokens of a text are read one by one, ignoring the case of keywords") {
  TokenReader reader("create Unique index \"index\"", {});
  CHECK(reader.is("UNIQUE", 1));
  CHECK(reader.accept("CREATE"));
  CHECK_FALSE(reader.accept("INDEX"));
  CHECK(reader.is_any({"TABLE", "UNIQUE"}));
  reader.skip_any({"UNIQUE", "INDEX"});
  CHECK(reader.left() == 1);
  CHECK_FALSE(reader.has("INDEX"));  // The name in quotes is no keyword.
  CHECK(reader.rest().front().value() == "index");
}

TEST_CASE("nothing comes after the last token") {
  TokenReader reader("a b", {});
  reader.skip(3);
  CHECK(reader.left() == 0);
  CHECK(reader.rest().empty());
  CHECK_FALSE(reader.is("b"));
  CHECK_FALSE(reader.has("b"));
  CHECK_FALSE(reader.accept("b"));
}

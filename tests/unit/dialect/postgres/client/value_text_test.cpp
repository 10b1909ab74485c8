#include "dialect/postgres/client/value_text.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "dialect/postgres/text/sqlstate.h"

using namespace whimbrel;
using namespace whimbrel::dialect::postgres;

TEST_CASE("PostgreSQL: the code of an error is a number and comes back as text") {
  CHECK(pack_sqlstate("00000") == 0);
  CHECK(pack_sqlstate("42P01") == 16908420);  // What the server's MAKE_SQLSTATE gives.
  CHECK(unpack_sqlstate(pack_sqlstate("42P01")) == "42P01");
  CHECK(unpack_sqlstate(pack_sqlstate("XX000")) == "XX000");
  CHECK(pack_sqlstate("") == 0);
  Error error(ErrorKind::statement, "a");
  CHECK(sqlstate(error).empty());
  CHECK_FALSE(has_sqlstate(error, ""));
  error.with_native_code(pack_sqlstate("23505"));
  CHECK(sqlstate(error) == "23505");
  CHECK(has_sqlstate(error, "23505"));
  CHECK_FALSE(has_sqlstate(error, "23503"));
}

TEST_CASE("PostgreSQL: bytes are read in both of the server's spellings") {
  const Bytes bytes{std::byte{0}, std::byte{0xff}, std::byte{'\\'}, std::byte{'a'}};
  CHECK(to_value(17, "\\x00FF5c61") == Value(bytes));
  CHECK(to_value(17, "\\000\\377\\\\a") == Value(bytes));
  CHECK(to_value(17, "\\x") == Value(Bytes{}));
  CHECK(to_value(17, "") == Value(Bytes{}));
}

TEST_CASE("PostgreSQL: numbers are read and written whole") {
  CHECK(to_value(20, "-9223372036854775808") == Value(std::numeric_limits<std::int64_t>::min()));
  CHECK(to_value(26, "4294967295") == Value(std::int64_t{4294967295}));
  CHECK(to_value(701, "1e-300") == Value(1e-300));
  CHECK(to_value(701, "-Infinity").real() < 0);
  CHECK(std::isinf(to_value(700, "Infinity").real()));
  CHECK(std::isnan(to_value(701, "NaN").real()));
  CHECK(to_text(0.1) == "0.1");
  CHECK(to_text(-std::numeric_limits<double>::infinity()) == "-Infinity");
  CHECK(to_text(std::numeric_limits<double>::infinity()) == "Infinity");
  CHECK(to_text(std::nan("")) == "NaN");
  CHECK(to_value(16, "t") == Value(1));
  CHECK(to_value(16, "f") == Value(0));
  CHECK(to_value(1700, "1.50") == Value("1.50"));
}

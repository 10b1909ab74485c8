#include "dialect/url.h"

#include <doctest/doctest.h>

using whimbrel::dialect::without_password;

TEST_CASE("no message shows a password") {
  CHECK(without_password("postgresql://ada:secret@host/db") == "postgresql://ada:***@host/db");
  CHECK(without_password("postgresql://ada:s/e:c@r?et@host:5432/db") == "postgresql://ada:***@host:5432/db");
  CHECK(without_password("mysql://host/db?user=ada&password=secret&x=1") ==
        "mysql://host/db?user=ada&password=***&x=1");
  CHECK(without_password("mysql://host/db?sslPassword=secret") == "mysql://host/db?sslPassword=***");
  CHECK(without_password("mysql:ada:secret@host") == "mysql:ada:***@host");
  CHECK(without_password("postgresql://ada@host/db") == "postgresql://ada@host/db");
  CHECK(without_password("sqlite:app.db") == "sqlite:app.db");
  CHECK(without_password("sqlite:///a:b/c@d") == "sqlite:///a:b/c@d");
  CHECK(without_password("nothing") == "nothing");
}

#include "dialect/url.h"

#include <doctest/doctest.h>

using whimbrel::dialect::strip_password;
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

TEST_CASE("no message shows a password, in whatever form it was written") {
  CHECK(without_password("host=db password=secret user=ada") == "host=db password=*** user=ada");
  CHECK(without_password("host=db password = 'my \\'secret' user=ada") == "host=db password = *** user=ada");
  CHECK(without_password("host=db password=se&cret sslpassword=other") == "host=db password=*** sslpassword=***");
  CHECK(without_password("postgresql:host=db password=secret") == "postgresql:host=db password=***");
  CHECK(without_password("sqlite:app.db?key=secret") == "sqlite:app.db?key=***");
  CHECK(without_password("sqlite:app.db?cache=shared&hexkey=00ff&x=1") == "sqlite:app.db?cache=shared&hexkey=***&x=1");
  CHECK(without_password("postgresql://host/db?p%61ssword=secret") == "postgresql://host/db?p%61ssword=***");
  CHECK(without_password("postgresql://ada:se@cr@et@host/db") == "postgresql://ada:***@host/db");
  CHECK(without_password("postgresql://host/db?password=a b=c") == "postgresql://host/db?password=***");
}

TEST_CASE("a URL can be written without its password") {
  CHECK(strip_password("postgresql://ada:secret@host/db") == "postgresql://ada@host/db");
  CHECK(strip_password("postgresql://host/db?password=secret") == "postgresql://host/db");
  CHECK(strip_password("postgresql://host/db?password=secret&sslmode=require") ==
        "postgresql://host/db?sslmode=require");
  CHECK(strip_password("postgresql://ada@host/db") == "postgresql://ada@host/db");
  CHECK(strip_password("sqlite:app.db") == "sqlite:app.db");
}

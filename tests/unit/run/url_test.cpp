#include "run/url.h"

#include <doctest/doctest.h>

#include "unit/run/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using run::without_password;

namespace {

Error url_error(const std::string& url, const Drivers& drivers = detail::linked_drivers()) {
  return error_of([&] { static_cast<void>(run::find_driver(drivers, url)); });
}

}  // namespace

TEST_CASE("the scheme of a URL finds the driver, whatever its case") {
  CHECK(&run::find_driver(detail::linked_drivers(), "sqlite:app.db") == &sqlite::driver());
  CHECK(&run::find_driver(detail::linked_drivers(), "SQLite::memory:") == &sqlite::driver());
}

TEST_CASE("a URL without a known scheme is an error that lists those there are") {
  for (const std::string url : {"oracle://h/db", "app.db", "/var/app.db", "C", ":memory:", "1a:x", ""}) {
    const Error error = url_error(url);
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(mentions(error, "sqlite:"));
  }
  CHECK(mentions(url_error("sqlite:app.db", {}), "no database driver"));
}

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
  CHECK(!mentions(url_error("oracle://ada:secret@host/db"), "secret"));
  CHECK(!mentions(url_error("-://ada:secret@host/db"), "secret"));
}

#include "session/url.h"

#include <doctest/doctest.h>

#include <array>

#include "unit/fixture/fixture.h"
#include "whimbrel/sqlite.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

Error url_error(const std::string& url, const Drivers& drivers = detail::linked_drivers()) {
  return error_of([&] { static_cast<void>(session::find_driver(drivers, url)); });
}

}  // namespace

TEST_CASE("the scheme of a URL finds the driver, whatever its case") {
  CHECK(&session::find_driver(detail::linked_drivers(), "sqlite:app.db") == &sqlite::driver());
  CHECK(&session::find_driver(detail::linked_drivers(), "SQLite::memory:") == &sqlite::driver());
}

TEST_CASE("a URL without a known scheme is an error that lists those there are") {
  for (const std::string url : {"oracle://h/db", "app.db", "/var/app.db", "C", ":memory:", "1a:x", ""}) {
    const Error error = url_error(url);
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(mentions(error, "sqlite:"));
  }
  CHECK(mentions(url_error("sqlite:app.db", {}), "no database driver"));
}

TEST_CASE("a URL of a database whose driver the program does not have names what to link") {
  const std::array<const Driver*, 1> only = {&sqlite::driver()};
  const Drivers drivers{only.data(), only.size()};
  const std::string remedy = "find_package(whimbrel CONFIG REQUIRED COMPONENTS sqlite ";
  CHECK(url_error("postgresql:///app", drivers).remedy() == "Link whimbrel::postgres: " + remedy + "postgres).");
  CHECK(url_error("MariaDB://host/app", drivers).remedy() == "Link whimbrel::mysql: " + remedy + "mysql).");
  CHECK(url_error("oracle://host/app", drivers).remedy().starts_with("The known schemes are: sqlite:."));
}

TEST_CASE("the message of a wrong URL shows no password") {
  CHECK(!mentions(url_error("oracle://ada:secret@host/db"), "secret"));
  CHECK(!mentions(url_error("-://ada:secret@host/db"), "secret"));
}

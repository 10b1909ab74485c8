#include <doctest/doctest.h>

#include <sstream>

#include "cli/commands.h"
#include "unit/run/mysql_partial.h"

using namespace whimbrel;
using namespace whimbrel::fixture;
using namespace whimbrel::fixture::partial;

namespace {

/// What `status --check` prints, and its exit code.
std::string checked(const Shop& shop, std::vector<Script> more) {
  more.insert(more.begin(), {product_migration, statements({"SELECT 1"})});
  const Program program(std::move(more));
  session::Session session(shop.options(program));
  std::ostringstream out;
  const cli::Console console{out, out};
  const auto questions = cli::ask_nobody();
  const cli::ExitCode code = cli::execute(cli::Context{session, console, *questions}, cli::Status{.check = true});
  return out.str() + std::to_string(static_cast<int>(code));
}

}  // namespace

TEST_CASE("MariaDB and MySQL: `status --check` fails for a migration that is partially applied or reverted") {
  const Shop shop;
  const std::vector<Script> cents_up = {cents({add_currency, add_unique}, {drop_unique, drop_currency})};
  CHECK(has(shop.up(cents_up), "Duplicate entry"));
  CHECK(has(checked(shop, cents_up), "1 applied, 1 partially applied, 0 pending.\n4"));
  shop.query("DELETE FROM product WHERE id = 2");
  CHECK(shop.up(cents_up).empty());
  CHECK(has(checked(shop, cents_up), "2 applied, 0 pending.\n0"));

  const std::vector<Script> cents_down = {cents({add_currency, add_unique}, {drop_currency, "ALTER TABEL product"})};
  CHECK(!shop.down(cents_down).empty());
  CHECK(has(checked(shop, cents_down), "1 applied, 1 partially reverted, 0 pending.\n4"));
}

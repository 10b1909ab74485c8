#include "session/transaction_policy.h"

#include <doctest/doctest.h>

#include "dialect/sqlite/dialect.h"

using namespace whimbrel;
using Wish = MigrationTransaction;

namespace {

std::string answers(TransactionMode mode, bool (session::TransactionPolicy::*question)(Wish) const) {
  const auto dialect = dialect::sqlite::make_dialect({});
  const session::TransactionPolicy policy(*dialect, mode);
  std::string words;
  for (const Wish wish : {Wish::by_mode, Wish::always, Wish::never}) words += (policy.*question)(wish) ? "yes " : "no ";
  return words;
}

}  // namespace

TEST_CASE("a migration has the transaction that it wants, but for the mode `all`, which refuses wishes") {
  const auto encloses = &session::TransactionPolicy::encloses;
  CHECK(answers(TransactionMode::all, encloses) == "yes yes yes ");
  CHECK(answers(TransactionMode::each, encloses) == "yes yes no ");
  CHECK(answers(TransactionMode::none, encloses) == "no yes no ");
  const auto grants = &session::TransactionPolicy::grants;
  CHECK(answers(TransactionMode::all, grants) == "yes no no ");
  CHECK(answers(TransactionMode::each, grants) == "yes yes yes ");
  CHECK(answers(TransactionMode::none, grants) == "yes yes yes ");
}

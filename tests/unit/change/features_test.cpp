#include "change/features.h"

#include <doctest/doctest.h>

#include "dialect/postgres/dialect.h"
#include "whimbrel/error.h"

using namespace whimbrel;
using namespace whimbrel::operation;

namespace {

/// What is said against the operation where migrations have to run on the version; empty: nothing.
std::string refusal(int version, const Operation& operation) {
  try {
    change::require_features(*dialect::postgres::make_dialect({.version = version}), {operation});
    return {};
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::entity);
    CHECK(error.remedy() == "Remove it, or use PostgreSQL 13 or later.");
    return error.what();
  }
}

}  // namespace

TEST_CASE("a generated column becomes an ordinary one only where the version of the database can do it") {
  AlterColumn op;
  op.table = "item";
  op.before.name = op.after.name = "twice";
  op.before.computed = model::Computed{"n * 2", true};
  CHECK(refusal(120000, op) ==
        "column \"twice\" of \"item\": PostgreSQL 12 cannot turn a generated column into an ordinary one, which "
        "PostgreSQL 13 introduced");
  CHECK(refusal(130000, op).empty());
  CHECK(refusal(120000, reverse(op)).empty());
}

TEST_CASE("a default that needs a later version is refused where a column gets it, and only of an entity") {
  AddColumn op;
  op.table = "item";
  op.column.name = "code";
  op.column.default_expression = "gen_random_uuid()";
  CHECK(refusal(120000, op).empty());
  op.column.member.value = "Item::code";
  const std::string message =
      "column \"code\" of \"item\": PostgreSQL 12 has no function for random UUIDs, which PostgreSQL 13 introduced";
  CHECK(refusal(120000, op) == message);
  CHECK(refusal(130000, op).empty());
  CreateTable create;
  create.table.name = "item";
  create.table.columns = {op.column};
  CHECK(refusal(120000, create) == message);
  AlterColumn alter;
  alter.table = "item";
  alter.before = alter.after = op.column;
  CHECK(refusal(120000, alter).empty());
  alter.before.default_expression.reset();
  CHECK(refusal(120000, alter) == message);
}

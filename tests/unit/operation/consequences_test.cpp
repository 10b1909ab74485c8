#include "operation/consequences.h"

#include <doctest/doctest.h>

namespace whimbrel::operation {

namespace {

model::Column column() { return {.name = "c", .type = {"integer", {}}}; }

}  // namespace

TEST_CASE("a column that becomes computed, or takes its numbers no longer from a counter, loses something") {
  const model::Column plain = column();
  model::Column computed = column();
  computed.computed = model::Computed{"1", true, {}};
  model::Column counting = column();
  counting.auto_increment = true;
  CHECK(data_loss(AlterColumn{"t", plain, computed, {}}) == "the values of column \"c\" of \"t\"");
  CHECK_FALSE(data_loss(AlterColumn{"t", computed, plain, {}}));
  CHECK(data_loss(AlterColumn{"t", counting, plain, {}}) ==
        "the current auto-increment value of column \"c\" of \"t\"");
  CHECK_FALSE(data_loss(AlterColumn{"t", plain, counting, {}}));
  CHECK_FALSE(data_loss(DropColumn{"t", computed, 0, {}}));
  CHECK(data_loss(DropColumn{"t", plain, 0, {}}));
}

TEST_CASE("an object with rows loses them all, those of some columns, or none") {
  model::Object before{.kind = "virtual table", .name = "v"};
  before.rows.value = "the rows of virtual table \"v\"";
  before.columns.value = {"a", "b"};
  model::Object after = before;
  CHECK_FALSE(data_loss(AlterObject{before, after}));
  after.columns.value = {"b", "c"};
  CHECK(data_loss(AlterObject{before, after}) == "the values of columns (a) of virtual table \"v\"");
  after.columns.value = {"c"};
  CHECK(data_loss(AlterObject{before, after}) == before.rows.value);
  after = before;
  after.rows.value.clear();
  CHECK(data_loss(AlterObject{before, after}) == before.rows.value);
}

TEST_CASE("a column that becomes an enum, or one of fewer values, may hold others") {
  model::Column of_enum = column();
  of_enum.enum_values = {"a", "b"};
  model::Column smaller = column();
  smaller.enum_values = {"b"};
  CHECK(hazard(AlterColumn{"t", column(), of_enum, {}}) ==
        "fails if column \"c\" of \"t\" holds a value that is not in its enum");
  CHECK(hazard(AlterColumn{"t", of_enum, smaller, {}}) == "fails if column \"c\" of \"t\" holds a");
  CHECK_FALSE(hazard(AlterColumn{"t", smaller, of_enum, {}}));
  CHECK_FALSE(hazard(AlterColumn{"t", of_enum, column(), {}}));
}

TEST_CASE("a check constraint fails on rows unless they are not checked") {
  model::Check check{.name = "c", .expression = "a > 0"};
  CHECK(hazard(AddCheck{"t", check}) == "fails if rows of \"t\" violate the check constraint (a > 0)");
  check.not_valid = true;
  CHECK_FALSE(hazard(AddCheck{"t", check}));
}

TEST_CASE("a column becomes NOT NULL without danger only where NULL becomes something") {
  model::Column before = column();
  before.nullable = true;
  AlterColumn op{"t", before, column(), {}};
  CHECK(hazard(op) == "fails if column \"c\" of \"t\" holds NULL");
  op.numbers_rows = true;
  CHECK_FALSE(hazard(op));
  op.numbers_rows = false;
  op.backfill = "0";
  CHECK_FALSE(hazard(op));
}

}  // namespace whimbrel::operation

#include <doctest/doctest.h>

#include "operation/operation.h"

namespace whimbrel::operation {

TEST_CASE("a changed column changes back with what is meant for the way back") {
  const model::Column a{.name = "c", .type = {"text", {}}};
  const model::Column b{.name = "c", .type = {"integer", {}}};
  const AlterColumn op{"t", a, b, "1", "2", {{"x", "y"}}, true, false};
  const AlterColumn back{"t", b, a, "2", "1", {{"y", "x"}}, false, true};
  CHECK(reverse(Operation(op)) == Operation(back));
  CHECK(reverse(Operation(back)) == Operation(op));
}

TEST_CASE("what is undone twice is what it was") {
  const model::Column column{.name = "c", .type = {"text", {}}};
  const model::Index index{.name = "i", .columns = {"c"}};
  const model::ForeignKey key{"fk", {"c"}, "u", {"id"}};
  for (const Operation& operation : std::vector<Operation>{
           AddColumn{"t", column, 1, "1", key, true},
           DropColumn{"t", column, 1, key, "1", true},
           CreateIndex{"t", index, true},
           DropIndex{"t", index, true},
           RenameConstraint{"t", "a", "b", NamedPart::index},
           AlterTable{"t", {{"a", ""}}, {{"b", ""}}, "c", "d", {"e"}, {"f"}},
           RenameEnumValue{"e", "a", "b"},
           AlterPrimaryKey{"t", model::PrimaryKey{"pk", {"a"}, {}}, std::nullopt},
       }) {
    CHECK(reverse(reverse(operation)) == operation);
    CHECK(reverse(operation) != operation);
  }
}

}  // namespace whimbrel::operation

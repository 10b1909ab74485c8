#include "plan/type_detour.h"

#include <doctest/doctest.h>

using namespace whimbrel;
using namespace whimbrel::plan;

namespace {

using namespace operation;

model::Column column(const std::string& type, const std::string& default_expression = {}) {
  model::Column column{.name = "a", .type = {type, {}}};
  if (!default_expression.empty()) column.default_expression = default_expression;
  return column;
}

/// The operations before a type is dropped, those after it is created again, and the others.
struct Put {
  std::vector<Operation> operations, drops, makes;
};

Put put(const TypeDetours& detours, std::vector<Operation> operations = {}) {
  Put result{std::move(operations), {}, {}};
  detours.put(result.operations, result.drops, result.makes);
  return result;
}

}  // namespace

TEST_CASE("a column whose type is recreated is a text without a default meanwhile") {
  TypeDetours detours({"text", {}});
  CHECK(detours.add("t", column("mood", "'ok'"), column("mood", "'ok'"), {}));
  CHECK_FALSE(detours.add("t", column("mood"), column("mood"), {}));
  CHECK(detours.size() == 1);
  const Put result = put(detours);
  CHECK(result.operations.empty());
  REQUIRE(result.drops.size() == 1);
  REQUIRE(result.makes.size() == 1);
  const auto& there = std::get<AlterColumn>(result.drops[0]);
  const auto& back = std::get<AlterColumn>(result.makes[0]);
  CHECK(there.before == column("mood", "'ok'"));
  CHECK(there.after == column("text"));
  CHECK(back.before == column("text"));
  CHECK(back.after == column("mood", "'ok'"));
  CHECK(there.by_text);
  CHECK(back.by_text);
}

TEST_CASE("an operation that changes the column anyway gives it the type again") {
  TypeDetours detours({"text", {}});
  static_cast<void>(detours.add("t", column("mood"), column("other"), {}));
  const Put result = put(detours, {AlterColumn{"t", column("mood"), column("other"), {}, {}}});
  CHECK(result.drops.size() == 1);
  CHECK(result.makes.empty());
  REQUIRE(result.operations.size() == 1);
  const auto& planned = std::get<AlterColumn>(result.operations[0]);
  CHECK(planned.before == column("text"));
  CHECK(planned.after == column("other"));
  CHECK(planned.by_text);
}

TEST_CASE("a column that a child inherits is converted with its parent's, and only its default is dropped and set") {
  TypeDetours detours({"text", {}});
  static_cast<void>(detours.add("child", column("mood", "'ok'"), column("mood", "'sad'"), {"parent"}));
  const Put result = put(detours);
  CHECK(result.drops.empty());
  REQUIRE(result.operations.size() == 1);
  CHECK_FALSE(std::get<AlterColumn>(result.operations[0]).after.default_expression);
  REQUIRE(result.makes.size() == 1);
  const auto& restored = std::get<AlterColumn>(result.makes[0]);
  CHECK(restored.after.default_expression == "'sad'");
  CHECK(restored.before.type == restored.after.type);
  REQUIRE(restored.after.default_uses.value);
  CHECK(*restored.after.default_uses.value == std::vector<model::Reference>{{"parent", "a", {}}});
}

#include <doctest/doctest.h>

#include "diff/diff.h"
#include "support/plain_comparison.h"

namespace whimbrel::diff {

namespace {

using namespace operation;

model::Table table(const std::string& name, const std::vector<std::string>& columns) {
  model::Table table;
  table.name = name;
  for (const std::string& column : columns) table.columns.push_back({.name = column, .type = {"integer", {}}});
  return table;
}

}  // namespace

TEST_CASE("the first answer about a column counts, whether another gives it a second name or gives its name away") {
  model::Schema current;
  current.tables = {table("t", {"a", "b"})};
  model::Schema desired;
  desired.tables = {table("t", {"x", "y"})};
  Answers answers;
  answers.column_renames = {{"t", "a", "x"}, {"t", "b", "x"}, {"t", "a", "y"}};
  CHECK(diff(current, desired, test::PlainComparison(), answers).renames ==
        std::vector<Operation>{RenameColumn{"t", "a", "x"}});
}

TEST_CASE("an index makes way for a table that gets its name, unless others made it") {
  model::Index index;
  index.name = "b";
  index.columns = {"id"};
  model::Schema current;
  current.tables = {table("a", {"id"}), table("c", {"id"})};
  current.tables[1].indexes.push_back(index);
  model::Schema desired;
  desired.tables = {table("b", {"id"}), table("c", {"id"})};
  Answers answers;
  answers.table_renames = {{"a", "b"}};
  const auto renames = [&](const Ownership& ownership) {
    return diff(current, desired, test::PlainComparison(), answers, ownership).renames;
  };
  CHECK(renames({}) == std::vector<Operation>{RenameTable{"a", "b"}});
  Ownership ours;
  ours.created = &current;
  CHECK(renames(ours) == std::vector<Operation>{DropIndex{"c", index}, RenameTable{"a", "b"}});
}

TEST_CASE("tables that exchange their schemas do so through a temporary one if their indexes have the same names") {
  model::Schema current;
  current.schemas = {"temporary_t"};
  current.tables = {table("t", {"id"}), table("t", {"id"})};
  current.tables[1].name.schema = "s";
  Answers answers;
  answers.table_renames = {{"t", {"s", "t"}}, {{"s", "t"}, "t"}};
  const auto renames = [&] { return diff(current, current, test::PlainComparison(), answers).renames; };
  CHECK(renames() == std::vector<Operation>{RenameTable{"t", "temporary_t"}, RenameTable{{"s", "t"}, "t"},
                                            RenameTable{"temporary_t", {"s", "temporary_t"}},
                                            RenameTable{{"s", "temporary_t"}, {"s", "t"}}});
  for (model::Table& table : current.tables) table.indexes.push_back({.name = {"i"}, .columns = {{"id"}}});
  const std::string between = "temporary_temporary_t";
  CHECK(renames() == std::vector<Operation>{CreateSchema{between}, RenameTable{"t", {between, "t"}},
                                            RenameTable{{"s", "t"}, "t"}, RenameTable{{between, "t"}, {"s", "t"}},
                                            DropSchema{between}});
}

}  // namespace whimbrel::diff

#include "plan/touched.h"

#include <doctest/doctest.h>

using namespace whimbrel;
using namespace whimbrel::plan;

namespace {

using namespace operation;
using Changes = std::set<Change>;

/// A database that recreates every enum.
class Rules final : public RemakeRules {
 public:
  bool must_remake(const Dependent&, Change) const override { return true; }
  bool is_made_anew(const AlterEnum&) const override { return true; }
  bool is_dropped_along(const model::Object&) const override { return false; }
  bool keeps_texts(const AlterObject&) const override { return true; }
  bool keeps_expressions(const model::Type& before, const model::Type& after) const override {
    return before.name == after.name;
  }
  model::Type text_type() const override { return {"text", {}}; }
};

model::Column column(const std::string& name, const std::string& type = "integer") {
  return {.name = name, .type = {type, {}}};
}

model::Reference column_of(const std::string& table, const std::string& name) { return {table, name, {}}; }

model::ForeignKey reference(const std::string& table, const std::vector<std::string>& columns) {
  model::ForeignKey key;
  key.referenced_table = table;
  key.referenced_columns = columns;
  return key;
}

}  // namespace

TEST_CASE("only a column whose type or collation changes is touched") {
  model::Column required = column("b");
  required.nullable = false;
  const Touched touched(
      {AlterColumn{"t", column("a"), column("a", "text"), {}, {}}, AlterColumn{"t", column("b"), required, {}, {}}},
      Rules());
  CHECK(touched.changes_of(column_of("t", "a")) == Changes{Change::type});
  CHECK(touched.changes_of(column_of("t", "b")).empty());
  CHECK(touched.changes_of(column_of("other", "a")).empty());
  CHECK_FALSE(touched.is_gone(column_of("t", "a")));
}

TEST_CASE("a type that only gets another size is another change") {
  model::Column longer = column("a");
  longer.type.arguments = {20};
  const Touched touched({AlterColumn{"t", column("a"), longer, {}, {}}}, Rules());
  CHECK(touched.changes_of(column_of("t", "a")) == Changes{Change::size});
}

TEST_CASE("what is dropped is gone, with its columns, unless it comes back") {
  model::Table table;
  table.name = "t";
  model::View view;
  view.name = "v";
  const Touched touched({DropTable{table}, DropView{view}, CreateView{view}}, Rules());
  CHECK(touched.is_gone({"t", {}, {}}));
  CHECK(touched.is_gone(column_of("t", "a")));
  CHECK_FALSE(touched.is_gone({"v", {}, {}}));
  CHECK(touched.changes_of(column_of("v", "a")) == Changes{Change::made_anew});
}

TEST_CASE("the columns of children are touched with those of their parents, through all generations") {
  model::Schema schema;
  for (const auto& [name, parent] : {std::pair("grandchild", "child"), {"child", "parent"}, {"parent", ""}}) {
    model::Table table;
    table.name = name;
    if (*parent != '\0') table.inherits.emplace_back(parent);
    schema.tables.push_back(table);
  }
  Touched touched({AlterColumn{"parent", column("a"), column("a", "text"), {}, {}}}, Rules());
  touched.spread(schema);
  CHECK(touched.changes_of(column_of("grandchild", "a")) == Changes{Change::type});
  CHECK(touched.changes_of(column_of("grandchild", "b")).empty());
}

TEST_CASE("a foreign key needs the key that it references, in any order of the columns") {
  model::PrimaryKey key;
  key.columns = {"a", "b"};
  const Touched touched({AlterPrimaryKey{"t", key, {}}}, Rules());
  CHECK(touched.has_key(reference("t", {"b", "a"})));
  CHECK_FALSE(touched.has_key(reference("t", {"a"})));
  CHECK_FALSE(touched.has_key(reference("other", {"a", "b"})));
  CHECK_FALSE(touched.empty());
}

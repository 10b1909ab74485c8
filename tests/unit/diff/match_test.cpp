#include "diff/match.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "sql/lexer.h"
#include "support/plain_comparison.h"

namespace whimbrel::diff {

namespace {

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

/// A database to which white space does not matter, and that writes views anew: those with the same number of
/// characters are the same to it.
class Rewriting final : public test::PlainComparison {
 public:
  bool same_words(const model::View& current, const model::View& desired) const override {
    return without_spaces(current.definition) == without_spaces(desired.definition);
  }
  std::vector<bool> same_views(std::span<const ViewPair> pairs) const override {
    ++times_asked;
    std::vector<bool> same;
    for (const ViewPair& pair : pairs) {
      same.push_back(pair.current->definition.size() == pair.desired->definition.size());
    }
    return same;
  }

  mutable int times_asked = 0;
};

model::Schema with_views(const std::vector<std::string>& queries) {
  model::Schema schema;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    model::View& view = schema.views.emplace_back();
    view.name = "v" + std::to_string(i);
    view.definition = "CREATE VIEW \"" + view.name.name + "\" AS " + queries[i];
  }
  return schema;
}

/// A database that makes an index for each foreign key, if there is none.
class Indexing final : public test::PlainComparison {
 public:
  std::optional<SchemaPair> normalised(const model::Schema& current, const model::Schema& desired,
                                       bool) const override {
    SchemaPair schemas{current, desired};
    for (model::Table& table : schemas.current.tables) {
      std::erase_if(table.indexes, [&](const model::Index& index) { return is_for_key(table, index); });
    }
    return schemas;
  }

 private:
  static bool is_for_key(const model::Table& table, const model::Index& index) {
    return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                       [&](const model::ForeignKey& key) { return key.columns == model::column_names(index.columns); });
  }
};

model::Schema with_key() {
  model::Table table;
  table.name = "post";
  table.columns.resize(2);
  table.columns[0].name = "author";
  table.columns[1].name = "title";
  model::ForeignKey& key = table.foreign_keys.emplace_back();
  key.columns = {"author"};
  key.referenced_table = "user";
  key.referenced_columns = {"id"};
  model::Schema schema;
  schema.tables.push_back(table);
  return schema;
}

model::Index index_of(const std::string& name, model::KeyPart part) {
  model::Index index;
  index.name = name;
  index.columns.push_back(std::move(part));
  return index;
}

Difference whole(const model::Schema& current, const model::Schema& desired, const Comparison& comparison) {
  Ownership everything;
  everything.everything = true;
  return diff(current, desired, comparison, {}, everything);
}

/// Names of tables are told apart by their case, all others are not: a MySQL on Linux.
class OnlyTablesByCase final : public test::PlainMapping {
 public:
  std::string fold(model::NameKind kind, std::string_view name) const override {
    return kind == NameKind::table ? std::string(name) : sql::to_lower(name);
  }
};

}  // namespace

TEST_CASE("each kind of names is compared as the database compares it") {
  const OnlyTablesByCase names;
  const test::PlainComparison only_tables_by_case(names);
  model::Schema current = with_key();
  current.tables[0].indexes.push_back(index_of("By_Title", "TITLE"));
  model::Schema desired = with_key();
  desired.tables[0].columns[0].name = "Author";
  desired.tables[0].foreign_keys[0].columns = {"AUTHOR"};
  desired.tables[0].indexes.push_back(index_of("by_title", "Title"));
  CHECK(whole(current, desired, only_tables_by_case).empty());
  CHECK_FALSE(whole(current, desired, test::PlainComparison()).empty());
  desired.tables[0].foreign_keys[0].referenced_table = "User";
  CHECK(whole(current, desired, only_tables_by_case).operations.size() == 2);
  current = with_key();
  current.tables[0].name.schema = "S";
  desired = with_key();
  desired.tables[0].name.schema = "s";
  CHECK(whole(current, desired, only_tables_by_case).empty());
  desired = with_key();
  desired.tables[0].name = "Post";
  const Difference difference = whole(with_key(), desired, only_tables_by_case);
  REQUIRE(difference.operations.size() == 2);
  CHECK(operation::target_name(difference.operations[0]) != operation::target_name(difference.operations[1]));
}

TEST_CASE("a key without columns is one to the primary key") {
  model::Schema current = with_key();
  current.tables[0].foreign_keys[0].referenced_columns.clear();
  CHECK_FALSE(whole(current, with_key(), test::PlainComparison()).empty());
  model::Table user;
  user.name = "user";
  user.columns.resize(1);
  user.columns[0].name = "id";
  user.primary_key.emplace().columns = {"id"};
  current.tables.push_back(user);
  model::Schema desired = with_key();
  desired.tables.push_back(user);
  CHECK(whole(current, desired, test::PlainComparison()).empty());
}

TEST_CASE("what the server makes by itself is no difference") {
  model::Schema current = with_key();
  current.tables[0].indexes.push_back(index_of("post_author", "author"));
  CHECK(whole(current, with_key(), test::PlainComparison()).operations.size() == 1);
  CHECK(whole(current, with_key(), Indexing()).empty());
  current.tables[0].indexes.push_back(index_of("post_title", "title"));
  const Difference difference = whole(current, with_key(), Indexing());
  REQUIRE(difference.operations.size() == 1);
  CHECK(std::get<operation::DropIndex>(difference.operations[0]).index.name.text == "post_title");
}

TEST_CASE("indexes of different lengths of a column are not the same") {
  const auto with_length = [](std::optional<std::uint32_t> length) {
    model::Schema schema = with_key();
    model::KeyPart part = "title";
    part.length = length;
    schema.tables[0].indexes.push_back(index_of("by_title", part));
    return schema;
  };
  CHECK(whole(with_length(10), with_length(10), test::PlainComparison()).empty());
  CHECK_FALSE(whole(with_length(10), with_length(20), test::PlainComparison()).empty());
  CHECK_FALSE(whole(with_length(std::nullopt), with_length(20), test::PlainComparison()).empty());
}

TEST_CASE("a database that writes views anew is asked once which of them are the same") {
  const Rewriting comparison;
  const model::Schema current = with_views({"SELECT 1", "SELECT 22", "SELECT  3"});
  const model::Schema desired = with_views({"SELECT 9", "SELECT 2", "SELECT 3"});
  const Difference difference = diff(current, desired, comparison);
  CHECK(comparison.times_asked == 1);
  REQUIRE(difference.operations.size() == 2);
  CHECK(operation::target_name(difference.operations[0]) == model::Name("v1"));
  CHECK(difference.target.views.size() == 3);
}

TEST_CASE("a database that sees by the words that two views are the same is not asked") {
  const Rewriting comparison;
  CHECK(diff(with_views({"SELECT  a"}), with_views({"SELECT a"}), comparison).empty());
  CHECK(comparison.times_asked == 0);
}

TEST_CASE("every part of a foreign key, an index and a constraint makes a difference") {
  const auto is_noticed = [](auto change) {
    const auto full = [] {
      model::Schema schema = with_key();
      model::Table& table = schema.tables[0];
      table.foreign_keys[0].set_columns = {"author"};
      table.indexes.push_back(index_of("by_title", "title"));
      table.uniques.push_back({.name = std::string("once"), .columns = {"title"}});
      table.checks.push_back({.name = std::string("some"), .expression = "title > 0"});
      return schema;
    };
    model::Schema desired = full();
    change(desired.tables[0]);
    return whole(full(), full(), test::PlainComparison()).empty() &&
           !whole(full(), desired, test::PlainComparison()).empty();
  };
  using model::Table;
  using enum model::ReferentialAction;
  CHECK(is_noticed([](Table& table) { table.foreign_keys[0].columns = {"title"}; }));
  CHECK(is_noticed([](Table& table) { table.foreign_keys[0].referenced_table = "reader"; }));
  CHECK(is_noticed([](Table& table) { table.foreign_keys[0].referenced_columns = {"name"}; }));
  CHECK(is_noticed([](Table& table) { table.foreign_keys[0].on_delete = cascade; }));
  CHECK(is_noticed([](Table& table) { table.foreign_keys[0].on_update = cascade; }));
  CHECK(is_noticed([](Table& table) { table.foreign_keys[0].deferral = model::Deferral::initially_deferred; }));
  CHECK(is_noticed([](Table& table) { table.foreign_keys[0].match = "FULL"; }));
  CHECK(is_noticed([](Table& table) { table.foreign_keys[0].not_valid = true; }));
  CHECK(is_noticed([](Table& table) { table.foreign_keys[0].set_columns = {}; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].unique = true; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].where = "title > 1"; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].method = "hash"; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].parser = "ngram"; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].included = {"author"}; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].nulls_not_distinct = true; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].storage_parameters = "fillfactor=70"; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].invalid = true; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].columns[0].descending = true; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].columns[0].nulls = model::NullOrder::first; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].columns[0].collation = "C"; }));
  CHECK(is_noticed([](Table& table) { table.indexes[0].columns[0].operator_class = "text_ops"; }));
  CHECK(is_noticed([](Table& table) { table.uniques[0].columns = {"author"}; }));
  CHECK(is_noticed([](Table& table) { table.uniques[0].deferral = model::Deferral::initially_deferred; }));
  CHECK(is_noticed([](Table& table) { table.uniques[0].nulls_not_distinct = true; }));
  CHECK(is_noticed([](Table& table) { table.uniques[0].included = {"author"}; }));
  CHECK(is_noticed([](Table& table) { table.uniques[0].on_conflict = "REPLACE"; }));
  CHECK(is_noticed([](Table& table) { table.checks[0].expression = "title > 1"; }));
  CHECK(is_noticed([](Table& table) { table.checks[0].not_valid = true; }));
  CHECK(is_noticed([](Table& table) { table.checks[0].no_inherit = true; }));
}

TEST_CASE("a computed column is not taken for a renamed one") {
  const auto names = [](bool from_computed, bool to_computed) {
    model::Schema current = with_key();
    model::Schema desired = with_key();
    desired.tables[0].columns[1].name = "headline";
    if (from_computed) current.tables[0].columns[1].computed = model::Computed{"author || ''", true, {}};
    if (to_computed) desired.tables[0].columns[1].computed = model::Computed{"author || ''", true, {}};
    return diff(current, desired, test::PlainComparison()).rename_candidates.size();
  };
  CHECK(names(false, false) == 1);
  CHECK(names(true, false) == 0);
  CHECK(names(false, true) == 0);
}

TEST_CASE("a column that becomes NOT NULL needs to be told what becomes of NULL, unless it is") {
  model::Column before;
  before.name = "title";
  before.nullable = true;
  model::Column after = before;
  after.nullable = false;
  REQUIRE(missing_backfills({operation::AlterColumn{"post", before, after, {}}}).size() == 1);
  CHECK(missing_backfills({operation::AlterColumn{"post", before, after, {}}}).front().column == "title");
  CHECK(missing_backfills({operation::AlterColumn{"post", before, after, "''"}}).empty());
  CHECK(missing_backfills({operation::AlterColumn{"post", after, before, {}}}).empty());
}

}  // namespace whimbrel::diff

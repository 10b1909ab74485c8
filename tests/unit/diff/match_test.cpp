#include "diff/match.h"

#include <doctest/doctest.h>

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

}  // namespace

TEST_CASE("a database that writes views anew is asked once which of them are the same") {
  const Rewriting comparison;
  const model::Schema current = with_views({"SELECT 1", "SELECT 22", "SELECT  3"});
  const model::Schema desired = with_views({"SELECT 9", "SELECT 2", "SELECT 3"});
  const Difference difference = diff(current, desired, comparison);
  CHECK(comparison.times_asked == 1);
  REQUIRE(difference.operations.size() == 2);
  CHECK(operation::subject(difference.operations[0]) == model::Name("v1"));
  CHECK(difference.target.views.size() == 3);
}

TEST_CASE("a database that sees by the words that two views are the same is not asked") {
  const Rewriting comparison;
  CHECK(diff(with_views({"SELECT  a"}), with_views({"SELECT a"}), comparison).empty());
  CHECK(comparison.times_asked == 0);
}

}  // namespace whimbrel::diff

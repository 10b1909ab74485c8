#include "diff/rename_order.h"

#include <doctest/doctest.h>

#include <set>

using namespace whimbrel::diff;

namespace {

/// What the renames make of names, step by step; a name that is taken when it is given is marked.
std::string done(const std::vector<NamePair>& renames, std::set<std::string> names) {
  const std::set<std::string> at_first = names;
  std::string words;
  const auto is_taken = [&](const std::string& name) { return at_first.contains(name); };
  for (const auto& [place, part] : order_renames(renames, is_taken)) {
    const std::string from = part == RenameStep::Part::home ? "temporary" : renames[place].from;
    const std::string to = part == RenameStep::Part::away ? "temporary" : renames[place].to;
    names.erase(from);
    words += (words.empty() ? "" : ", ") + from + " " + to + (names.insert(to).second ? "" : " TAKEN");
  }
  return words;
}

}  // namespace

TEST_CASE("a chain of renames is done from its end") {
  CHECK(done({{"a", "b"}, {"b", "c"}}, {"a", "b"}) == "b c, a b");
  CHECK(done({{"a", "b"}, {"b", "c"}, {"c", "d"}}, {"a", "b", "c"}) == "c d, b c, a b");
}

TEST_CASE("names are exchanged over a temporary one") {
  CHECK(done({{"a", "b"}, {"b", "a"}}, {"a", "b"}) == "a temporary, b a, temporary b");
  CHECK(done({{"a", "b"}, {"b", "c"}, {"c", "a"}}, {"a", "b", "c"}) == "a temporary, c a, b c, temporary b");
}

TEST_CASE("a name that is not given up is not given, nor what would have followed") {
  CHECK(done({{"a", "b"}}, {"a", "b"}).empty());
  CHECK(done({{"a", "b"}, {"b", "c"}}, {"a", "b", "c"}).empty());
  CHECK(done({{"a", "b"}, {"x", "y"}}, {"a", "b", "x"}) == "x y");
}

TEST_CASE("a cycle is found from each of its renames, a chain is none") {
  const std::vector<NamePair> renames{{"a", "b"}, {"b", "a"}, {"x", "y"}, {"y", "z"}};
  CHECK(cycle_of(renames, 0) == std::vector<std::size_t>{0, 1});
  CHECK(cycle_of(renames, 1) == std::vector<std::size_t>{1, 0});
  CHECK(cycle_of(renames, 2).empty());
}

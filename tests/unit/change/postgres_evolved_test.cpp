#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "support/version.h"
#include "unit/change/there_and_back.h"

// Schemas after the shape of applications, which grow in steps that somebody wrote by hand. The same steps by whimbrel
// lead to the same dump, with the same rows, and back.

using namespace whimbrel;
using fixture::PostgresDatabase;
using test::compare;

namespace {

/// The schema of an application with its rows, and then each step.
std::vector<std::string> read_steps(const std::string& name) {
  std::ifstream file(std::string(WHIMBREL_TEST_DATA_DIRECTORY) + "/postgres/evolved/" + name + ".sql");
  REQUIRE(file.good());
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<std::string> steps;
  for (std::size_t begin = 0; begin != std::string::npos;) {
    const std::size_t end = text.find("\n-- step: ", begin + 1);
    steps.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
    begin = end;
  }
  return steps;
}

void evolve(const std::string& name, const std::vector<diff::Answers>& answers = {}) {
  const std::vector<std::string> steps = read_steps(name);
  REQUIRE(steps.size() == 11);
  const PostgresDatabase there;
  const PostgresDatabase wanted;
  there.query(steps.front());
  wanted.query(steps.front());
  for (std::size_t i = 1; i < steps.size(); ++i) {
    INFO(name << steps[i].substr(0, steps[i].find('\n', 1)));
    const std::vector<std::string> before = test::dump(there);
    wanted.query(steps[i]);
    const change::SchemaChange change = compare(there, wanted, i < answers.size() ? answers[i] : diff::Answers());
    test::run_all(there, change.script.up);
    const std::vector<std::string> after = test::dump(wanted);
    REQUIRE(test::difference(test::dump(there), after) == "");
    REQUIRE(compare(there, wanted, {}).operations.empty());
    test::run_all(there, change.script.down);
    REQUIRE(test::difference(test::dump(there), before) == "");
    test::run_all(there, change.script.up);
    REQUIRE(test::difference(test::dump(there), after) == "");
  }
}

}  // namespace

TEST_CASE("PostgreSQL: a service with tenants, policies, functions and partitions evolves") { evolve("tenants"); }

TEST_CASE("PostgreSQL: a ledger with domains, composite types and materialized views evolves") { evolve("ledger"); }

TEST_CASE("PostgreSQL: a tracker with inheritance, partitions and publications evolves") {
  WHIMBREL_SKIP_UNLESS(test::has_postgres(13), "a trigger BEFORE the rows of a partitioned table change");
  std::vector<diff::Answers> answers(11);
  for (const char* table : {"item", "bug", "task"}) {
    answers[4].column_renames.push_back({model::Name("work", table), "title", "summary"});
  }
  evolve("tracker", answers);
}

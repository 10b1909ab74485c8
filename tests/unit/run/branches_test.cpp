#include <doctest/doctest.h>

#include "run/rebase.h"
#include "run/runner.h"
#include "run/status.h"
#include "unit/fixture/fixture.h"

// Migrations of two branches. What they know of the tables is made up: nothing of it is run.

using namespace whimbrel;
using namespace whimbrel::fixture;
using session::Session;

namespace {

Script script(const std::string& name, std::optional<std::string> tables) {
  return {name, statements({"SELECT 1"}), statements({}), MigrationTransaction::by_mode, {}, std::move(tables)};
}

const Script begin = script("Begin1000000000001",
                            "table user - aa created dropped\n+ column id 01\n"
                            "table tag - dd created dropped\n+ column id 01\n");
const Script nick = script("Nick1000000000002", "table user aa bb altered altered\n  column id 01\n+ column nick 02\n");
const Script rebuilt =
    script("Rebuilt1000000000003", "table user aa cc rebuilt rebuilt\n  column id 01\n+ unique mail 03\n");
const Script altered =
    script("Altered1000000000003", "table user aa cc altered altered\n  column id 01\n+ column phone 03\n");
const Script after = script("After1000000000004",
                            "table user cc ee altered altered\n  column id 01\n  unique mail 03\n+ column fax 04\n");
const Script by_hand = script("Hand1000000000002", std::nullopt);

std::vector<std::string> conflicts(const std::vector<Script>& scripts) {
  const Database database;
  const Program program(scripts);
  Session session(database.options(program));
  std::vector<std::string> texts;
  for (const run::BranchConflict& conflict : run::all_conflicts(session)) {
    texts.push_back(conflict.migration + ": " + run::to_string(conflict));
  }
  return texts;
}

std::vector<std::string> rebased(const Database& database, const std::vector<Script>& scripts,
                                 const std::string& name = "") {
  const Program program(scripts);
  Session session(database.options(program));
  std::vector<std::string> names;
  for (const session::KnownMigration* migration : run::migrations_to_rebase(session, name))
    names.push_back(migration->name);
  return names;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a rebuild that was made without the branch that changed its table before contradicts it") {
  CHECK(conflicts({begin, nick, rebuilt}) ==
        Texts{"Rebuilt1000000000003: table \"user\" as left by Nick1000000000002: column \"nick\" is not "
              "known to the migration"});
  CHECK(conflicts({begin, nick, altered}).empty());
  CHECK(conflicts({begin, rebuilt, after}).empty());
}

TEST_CASE("an index of one branch may be over the column that the other one drops") {
  const Script indexed =
      script("Indexed1000000000002", "table user aa bb altered altered\n  column id 01\n+ index by_id 02\n");
  const Script shorter = script("Shorter1000000000003", "table user aa cc altered altered\n- column id 01\n");
  CHECK(conflicts({begin, indexed, shorter}) ==
        Texts{"Shorter1000000000003: table \"user\" as left by Indexed1000000000002: index \"by_id\" is not known "
              "to the migration"});
}

TEST_CASE("a column of one branch may be changed in place by the other one, which renames or drops it") {
  const Script renamed = script("Renamed1000000000002", "table user aa bb altered altered\n= column id 01 number 01\n");
  const Script dropped = script("Dropped1000000000002", "table user aa bb altered altered\n- column id 01\n");
  const Script longer = script("Longer1000000000003", "table user aa cc altered altered\n! column id 01 02\n");
  for (const Script& first : {renamed, dropped}) {
    CHECK(conflicts({begin, first, longer}) ==
          Texts{"Longer1000000000003: table \"user\" as left by " + first.name + ": column \"id\" is missing"});
    CHECK(conflicts({begin, first, altered}).empty());
  }
}

TEST_CASE("a migration that is reverted by a rebuild contradicts what the branch before it made") {
  const Script back =
      script("Back1000000000003", "table user aa cc altered rebuilt\n  column id 01\n+ column phone 03\n");
  CHECK(conflicts({begin, nick, back}) ==
        Texts{"Back1000000000003: table \"user\" as left by Nick1000000000002: reverting the migration would lose "
              "what the other one created"});
}

TEST_CASE("tables that two branches make, or that one drops, contradict each other") {
  const Script again = script("Again1000000000002", "table tag - dd created dropped\n+ column id 01\n");
  CHECK(conflicts({begin, again}).size() == 1);
  const Script dropped = script("Dropped1000000000002", "table user aa - dropped created\n- column id 01\n");
  CHECK(conflicts({begin, dropped}).empty());
  CHECK(conflicts({begin, dropped, altered}).size() == 1);
  const Script renamed =
      script("Renamed1000000000002", "table person aa aa altered altered was user\n  column id 01\n");
  CHECK(conflicts({begin, renamed, rebuilt}).size() == 1);
}

TEST_CASE("tables that exchange their names are known by the new ones") {
  const Script exchanged = script("Exchanged1000000000002",
                                  "table tag aa aa altered altered was user\n  column id 01\n"
                                  "table user dd dd altered altered was tag\n  column id 01\n");
  const Script tag = script("Tag1000000000003", "table tag aa cc rebuilt rebuilt\n  column id 01\n+ unique mail 03\n");
  CHECK(conflicts({begin, exchanged, tag}).empty());
}

TEST_CASE("after a migration by hand nothing is known of its tables") {
  CHECK(conflicts({begin, by_hand, rebuilt}).empty());
}

TEST_CASE("status names the pending migrations that contradict others, in the order in which they would run") {
  const Database database;
  {
    const Program program({begin, rebuilt});
    Session session(database.options(program));
    run::RunOptions options;
    options.fake = true;
    static_cast<void>(run::run_migrations(session, options));
  }
  const Script reverse =
      script("Nick1000000000002", "table user aa bb rebuilt rebuilt\n  column id 01\n+ column nick 02\n");
  const Program program({begin, reverse, rebuilt});
  Session session(database.options(program));
  const std::vector<run::MigrationStatus> all = run::status(session);
  REQUIRE(all.size() == 3);
  CHECK(all[0].conflicts.empty());
  CHECK(all[1].conflicts == Texts{"table \"user\" as left by Rebuilt1000000000003: unique \"mail\" is not "
                                  "known to the migration"});
  CHECK(all[2].conflicts.empty());
}

TEST_CASE("status names no contradiction of migrations that are applied, also while another one is pending") {
  const Database database;
  {
    const Program program({begin, nick, rebuilt});
    Session session(database.options(program));
    run::RunOptions options;
    options.fake = true;
    static_cast<void>(run::run_migrations(session, options));
  }
  CHECK(conflicts({begin, nick, rebuilt, after}).size() == 1);
  const Program program({begin, nick, rebuilt, after});
  Session session(database.options(program));
  for (const run::MigrationStatus& one : run::status(session)) CHECK(one.conflicts.empty());
}

TEST_CASE("a dry run refuses what a run would refuse") {
  const Database database;
  const Program program({begin, nick, rebuilt});
  Session session(database.options(program));
  run::RunOptions options;
  options.dry_run = true;
  const Error error = error_of([&] { static_cast<void>(run::run_migrations(session, options)); });
  CHECK(error.migration() == "Rebuilt1000000000003");
  CHECK(mentions(error, "column \"nick\" is not known to the migration"));
}

TEST_CASE("what is made anew is the later branch with what was made on top of it") {
  const Database database;
  CHECK(rebased(database, {begin, nick, rebuilt, after}) == Texts{"Rebuilt1000000000003", "After1000000000004"});
  CHECK(rebased(database, {begin, nick, rebuilt, after}, "Nick1000000000002") == Texts{"Nick1000000000002"});
  CHECK(rebased(database, {begin, nick, rebuilt, after}, "1000000000004") == Texts{"After1000000000004"});
  CHECK(rebased(database, {begin, nick, rebuilt, after}, "after") == Texts{"After1000000000004"});
  CHECK(rebased(database, {begin, nick, altered}).empty());
}

TEST_CASE("what this database would refuse is made anew, though an empty one would run it") {
  const Script renamed =
      script("Renamed1000000000004", "table person aa aa altered altered was user\n  column id 01\n");
  const Database database;
  {
    const Program program({begin, renamed});
    Session session(database.options(program));
    run::RunOptions options;
    options.fake = true;
    static_cast<void>(run::run_migrations(session, options));
  }
  CHECK(conflicts({begin, rebuilt, renamed}).empty());
  CHECK(rebased(database, {begin, rebuilt, renamed}) == Texts{"Rebuilt1000000000003"});
}

TEST_CASE("two branches that make one view anew contradict each other; one whose text follows a name does not") {
  const Script view = script("View1000000000002", "view v - aa created dropped\n+ definition v 01\n");
  const Script one = script("One1000000000003", "view v aa bb rebuilt rebuilt\n! definition v 01 02\n");
  const Script other = script("Other1000000000004", "view v aa cc rebuilt rebuilt\n! definition v 01 03\n");
  const Script follower = script("Follower1000000000004", "view v dd cc rebuilt rebuilt\n! definition v 04 03\n");
  CHECK(conflicts({view, one, other}) ==
        Texts{"Other1000000000004: view \"v\" as left by One1000000000003: the definition differs from what "
              "the migration knows"});
  CHECK(conflicts({view, other}).empty());
  CHECK(conflicts({view, one, follower}).empty());
  const Script on_top = script("Top1000000000005", "view v bb ee rebuilt rebuilt\n! definition v 02 05\n");
  CHECK(conflicts({view, one, other, on_top}).size() == 2);
}

TEST_CASE("what is applied, unknown or written by hand is not made anew") {
  const Database database;
  CHECK(mentions(error_of([&] { rebased(database, {begin, by_hand}, "Hand1000000000002"); }), "hand-written"));
  CHECK(mentions(error_of([&] { rebased(database, {begin}, "Other"); }), "\"Other\" is not in the program"));
  const Program program({begin, rebuilt});
  Session session(database.options(program));
  run::RunOptions options;
  options.fake = true;
  static_cast<void>(run::run_migrations(session, options));
  CHECK(mentions(error_of([&] { rebased(database, {begin, nick, rebuilt}); }), "is applied to this database"));
}

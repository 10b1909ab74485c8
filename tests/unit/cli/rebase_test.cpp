#include "cli/rebase.h"

#include <doctest/doctest.h>

#include <fstream>

#include "temporary_directory.h"
#include "unit/fixture/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

Script script(const std::string& name, const std::string& tables) {
  return {name, statements({"SELECT 1"}), statements({}), MigrationTransaction::by_mode, {}, tables};
}

/// What the search for the files of a rebased migration says if the migrations are in this directory.
Error error_in(const std::string& directory) {
  const Database database;
  const Program program(
      {script("Begin1000000000001", "table user - aa created dropped\n+ column id 01\n"),
       script("Nick1000000000002", "table user aa bb altered altered\n  column id 01\n+ column nick 02\n")});
  DataSourceOptions options = database.options(program);
  options.migrations_directory = directory;
  session::Session session(options);
  return error_of([&] { static_cast<void>(cli::find_replaced(session, "Nick1000000000002")); });
}

}  // namespace

TEST_CASE("a directory of migrations that cannot be read is not one without the file of a migration") {
  const test::TemporaryDirectory directory;
  const std::string file = (directory.path() / "file").string();
  std::ofstream(file) << "x";
  CHECK(mentions(error_in(directory.path().string()), "was not found"));
  CHECK(mentions(error_in((directory.path() / "none").string()), "was not found"));
  const Error error = error_in(file);
  CHECK(error.kind() == ErrorKind::file);
  CHECK(mentions(error, "Cannot read the directory " + file));
}

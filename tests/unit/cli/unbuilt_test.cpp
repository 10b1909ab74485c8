#include "cli/unbuilt.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "temporary_directory.h"
#include "unit/fixture/fixture.h"

using namespace whimbrel;
using namespace whimbrel::fixture;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Script empty_script(const std::string& name, const std::string& checksum = {}) {
  return {name, statements({"SELECT 1"}), statements({}), MigrationTransaction::by_mode, checksum};
}

/// What a command prints for a program with one migration, which was built without the others of the directory.
template <class Command>
std::string output_of(const Command& command, const std::string& directory, const std::string& written_to = {}) {
  const Database database;
  const Program program({empty_script("First1000000000001")});
  DataSourceOptions options = database.options(program);
  options.migrations.directory = directory.c_str();
  options.migrations_directory = written_to;
  session::Session session(options);
  std::ostringstream out;
  const cli::Console console{out, out};
  const auto questions = cli::ask_nobody();
  try {
    static_cast<void>(cli::execute(cli::Context{session, console, *questions}, command));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::usage) out << "usage: ";
    out << error.what() << ' ' << error.remedy();
  }
  return out.str();
}

}  // namespace

TEST_CASE("migration files that a program was built without are a warning, and no reason to write more") {
  const test::TemporaryDirectory directory;
  const std::string path = directory.path().string();
  for (const char* const name :
       {"1000000000001-first.cpp", "1000000000002-notes.md", "helper.cpp", "1000000000009-again.cpp.orig"}) {
    std::ofstream(directory.path() / name) << "\n";
  }
  CHECK_FALSE(has(output_of(cli::Status{}, path), "built without"));
  std::ofstream(directory.path() / "1000000000003-later.cpp") << "\n";
  std::ofstream(directory.path() / "1000000000002-again.cpp") << "\n";
  const std::string what = path + " has 1000000000002-again.cpp and 1 more, which this program was built without.";
  CHECK(has(output_of(cli::Status{}, path), "warning: " + what + " Build it, or run `whimbrel status`"));
  CHECK(has(output_of(cli::Migrations{}, path), "warning: " + what + " Build it, or run `whimbrel migrations`"));
  CHECK(has(output_of(cli::MakeMigrations{}, path), "usage: Cannot generate a migration: " + what));
  CHECK(has(output_of(cli::MakeMigrations{.dry_run = true}, path), "usage: Cannot generate a migration: " + what));
  CHECK(has(output_of(cli::MakeMigrations{.rebase = true}, path), "usage: Cannot regenerate a migration: " + what));
  const std::string checked = output_of(cli::MakeMigrations{.check = true}, path);
  CHECK(has(checked, "usage: Nothing was compared: " + what));
  CHECK(has(checked, "With --ignore-pending, they are left out of the comparison."));
  CHECK(has(output_of(cli::MakeMigrations{.ignore_pending = true}, path), "warning: " + what));
  CHECK_FALSE(has(output_of(cli::MakeMigrations{}, path + "/none"), "built without"));
  CHECK_FALSE(has(output_of(cli::MakeMigrations{}, path, path), "built without"));
  CHECK_FALSE(has(output_of(cli::Migrations{}, path + "/helper.cpp"), "built without"));
}

TEST_CASE("migrations that were modified after they were applied are a warning of `migrations`") {
  const Database database;
  const auto migrate = [&](const std::string& checksum, const std::vector<std::string>& names) {
    std::vector<Script> scripts;
    for (const std::string& name : names) scripts.push_back(empty_script(name, checksum));
    const Program program(std::move(scripts));
    session::Session session(database.options(program));
    std::ostringstream out;
    const cli::Console console{out, out};
    const auto questions = cli::ask_nobody();
    static_cast<void>(cli::execute(cli::Context{session, console, *questions}, cli::Migrations{}));
    return out.str();
  };
  const std::vector<std::string> names = {"A1000000000001", "B1000000000002", "C1000000000003", "D1000000000004"};
  CHECK_FALSE(has(migrate("old", names), "modified"));
  const std::string output = migrate("new", names);
  CHECK(has(output,
            "warning: The migration A1000000000001 was modified after it was applied; other databases get the "
            "new version.\n"));
  CHECK_FALSE(has(output, "D1000000000004"));
  CHECK(has(output, "warning: 1 more migration was modified after being applied.\n"));
}

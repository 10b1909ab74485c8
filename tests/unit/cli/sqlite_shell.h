#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <sstream>

#include "cli/commands.h"
#include "dialect/connection.h"
#include "temporary_directory.h"
#include "whimbrel/sqlite.h"

namespace whimbrel::test {

/// A database that the shell works on, with PRAGMA foreign_keys = ON as a program may have it.
class Shell {
 public:
  Shell(const std::string& name, const std::string& sql) : path_(name) { run(sql); }

  /// What the shell prints; `succeeded` says how it ended.
  std::string run(const std::string& script, bool* succeeded = nullptr) const {
    directory_.write("script.sql", "PRAGMA foreign_keys = ON;\n" + script);
    const std::string command = "sqlite3 '" + url().substr(7) + "' < '" + directory_.file("script.sql") + "' > '" +
                                directory_.file("said") + "' 2>&1";
    const bool is_good = std::system(command.c_str()) == 0;
    if (succeeded != nullptr) *succeeded = is_good;
    return read_text(directory_.file("said"));
  }
  /// Runs statements that the shell would read otherwise, as a program does.
  void make(const std::vector<std::string>& statements) const {
    const auto connection = sqlite::driver().open({.url = url()});
    for (const std::string& statement : statements) connection->run(statement);
  }
  [[nodiscard]] std::string url() const { return "sqlite:" + directory_.file(path_); }
  [[nodiscard]] std::string dump() const { return run(".dump"); }

 private:
  TemporaryDirectory directory_;
  std::string path_;
};

inline std::string script_between(const Shell& from, const Shell& to, bool down = false,
                                  std::vector<cli::TableColumnValue> renames = {},
                                  std::vector<cli::TableColumnValue> backfills = {}) {
  std::ostringstream out;
  std::ostringstream error;
  const cli::Console console{out, error};
  const DataSourceOptions options;
  cli::Diff arguments;
  arguments.from = from.url();
  arguments.to = to.url();
  arguments.down = down;
  arguments.renames = std::move(renames);
  arguments.backfills = std::move(backfills);
  const cli::ExitCode code = execute(cli::SchemaContext{options, console}, arguments);
  CHECK(code == cli::done);
  return out.str();
}

}  // namespace whimbrel::test

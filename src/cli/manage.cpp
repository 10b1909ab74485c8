#include "whimbrel/manage.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/program.h"
#include "cli/version.h"
#include "dialect/url.h"

namespace whimbrel::cli {

namespace {

struct AccessNeeded {
  session::Access operator()(const MakeMigrations&) const { return session::Access::read_only; }
  session::Access operator()(const Migrations& command) const { return unless(command.dry_run); }
  session::Access operator()(const RevertMigration& command) const { return unless(command.dry_run); }
  session::Access operator()(const Status&) const { return session::Access::read_only; }
  session::Access operator()(const NewMigration&) const { return session::Access::read_only; }
  session::Access operator()(const Synchronize& command) const { return unless(command.dry_run); }
  session::Access operator()(const Baseline&) const { return session::Access::existing; }
  session::Access operator()(const DropSchema& command) const { return unless(command.dry_run); }

 private:
  static session::Access unless(bool dry_run) {
    return dry_run ? session::Access::read_only : session::Access::read_write;
  }
};

/// Whether the command uses the program's database, or another in its place.
struct UsesDatabase {
  bool operator()(const Version&) const { return false; }
  bool operator()(const NewMigration&) const { return false; }
  bool operator()(const Diff&) const { return false; }
  template <class Other>
  bool operator()(const Other&) const {
    return true;
  }
};

void show(LogLevel level, const char* line, void* console) {
  if (level == LogLevel::warning) static_cast<const Console*>(console)->warning(line);
  if (level == LogLevel::notice) static_cast<const Console*>(console)->note(line);
}

DataSourceOptions adapt(DataSourceOptions options, const Arguments& arguments, Console& console) {
  const EnvironmentUrl environment = url_of_environment();
  const std::string url = arguments.url.empty() ? environment.url : arguments.url;
  if (!url.empty()) {
    options.url = url;
    options.connection = {};
  }
  // A variable that was set elsewhere is easily forgotten.
  if (arguments.url.empty() && !url.empty() && std::visit(UsesDatabase{}, arguments.command)) {
    console.remark("Database: " + dialect::without_password(url) + " (from " + environment.variable + ')');
  }
  if (options.logger == nullptr) {
    options.logger = show;
    options.logger_context = &console;
  }
  return options;
}

template <class SessionCommand>
ExitCode run_command(const SessionCommand& command, DataSourceOptions options, const Console& console) {
  session::Session session(std::move(options), AccessNeeded{}(command));
  const Interrupt interrupt(session);
  const std::unique_ptr<Questions> questions = console.json ? ask_nobody() : ask_if_interactive();
  return execute(Context{session, console, *questions}, command);
}

ExitCode show_version(const Console& console) {
  console.line(version_text());
  if (console.json) console.document(Json::Object{{"version", version_text()}});
  return done;
}

ExitCode run_arguments(const Arguments& arguments, DataSourceOptions program, Console& console) {
  const DataSourceOptions options = adapt(std::move(program), arguments, console);
  return std::visit(operation::Visitor{
                        [&](const Version&) { return show_version(console); },
                        [&](const Diff& command) {
                          return execute(SchemaContext{options, console}, command);
                        },
                        [&](const Inspect& command) {
                          return execute(SchemaContext{options, console}, command);
                        },
                        [&](const WriteEntities& command) {
                          return execute(SchemaContext{options, console}, command);
                        },
                        [&](const auto& command) { return run_command(command, options, console); },
                    },
                    arguments.command);
}

int report_unknown(const Console& console, const char* what) {
  console.report(Error(ErrorKind::internal, what));
  return failed;
}

}  // namespace

EnvironmentUrl url_of_environment() {
  for (const char* variable : {"WHIMBREL_URL", "DATABASE_URL"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return {value, variable};
  }
  return {};
}

int run_program(const std::string& program, int argc, const char* const* argv, DataSourceOptions options) {
  Console console{std::cout, std::cerr, Style::of(stdout), Style::of(stderr)};
  console.terminal = ::isatty(STDOUT_FILENO) == 1;
  try {
    const std::variant<Arguments, Message> parsed = parse_arguments(argc, argv, program);
    if (const Message* message = std::get_if<Message>(&parsed)) {
      (message->exit_code == 0 ? console.out : console.error) << message->text << std::flush;
      return message->exit_code;
    }
    const auto& arguments = std::get<Arguments>(parsed);
    console.json = arguments.json;
    return run_arguments(arguments, std::move(options), console);
  } catch (const Error& error) {
    console.report(error);
    return exit_code(error.kind());
  } catch (const std::exception& error) {
    return report_unknown(console, error.what());
  }
}

}  // namespace whimbrel::cli

namespace whimbrel {

int manage(int argc, char** argv, DataSourceOptions options) {
  return cli::run_program("manage", argc, argv, std::move(options));
}

}  // namespace whimbrel

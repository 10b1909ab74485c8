#include "whimbrel/manage.h"

#include <cstdlib>
#include <iostream>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/version.h"

namespace whimbrel {

namespace {

using namespace cli;

// What overrides the program's database, the strongest first.
std::string database_url(const Arguments& arguments) {
  if (!arguments.url.empty()) return arguments.url;
  for (const char* variable : {"WHIMBREL_URL", "DATABASE_URL"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

struct AccessNeeded {
  run::Access operator()(const MakeMigrations&) const { return run::Access::read_only; }
  run::Access operator()(const Migrations& command) const { return unless(command.dry_run); }
  run::Access operator()(const RevertMigration& command) const { return unless(command.dry_run); }
  run::Access operator()(const Status&) const { return run::Access::read_only; }
  run::Access operator()(const NewMigration&) const { return run::Access::read_only; }
  run::Access operator()(const Synchronize& command) const { return unless(command.dry_run); }
  run::Access operator()(const DropSchema& command) const { return unless(command.dry_run); }
  run::Access operator()(const Version&) const { return run::Access::read_only; }

 private:
  static run::Access unless(bool dry_run) { return dry_run ? run::Access::read_only : run::Access::read_write; }
};

void log_warning(LogLevel level, const char* line, void* console) {
  if (level == LogLevel::warning) static_cast<const Console*>(console)->warning(line);
}

DataSourceOptions adapt(DataSourceOptions options, const Arguments& arguments, Console& console) {
  const std::string url = database_url(arguments);
  if (!url.empty()) {
    options.url = url;
    options.sqlite_connection = nullptr;
  }
  if (options.logger == nullptr) {
    options.logger = log_warning;
    options.logger_context = &console;
  }
  return options;
}

ExitCode run_command(const Arguments& arguments, DataSourceOptions options, Console& console) {
  run::Session session(adapt(std::move(options), arguments, console), std::visit(AccessNeeded{}, arguments.command));
  const Interrupt interrupt(session);
  const std::unique_ptr<Questions> questions = arguments.json ? ask_nobody() : ask_if_interactive();
  const Context context{session, console, *questions};
  return std::visit(operation::Visitor{[](const Version&) -> ExitCode { return done; },
                                       [&](const auto& command) { return execute(context, command); }},
                    arguments.command);
}

ExitCode show_version(const Console& console) {
  console.line(version_text());
  if (console.json) console.document(Json::Object{{"version", version_text()}});
  return done;
}

int report_unknown(const Console& console, const char* what) {
  console.report(Error(ErrorKind::internal, what));
  return failed;
}

}  // namespace

int manage(int argc, char** argv, DataSourceOptions options) {
  Console console{std::cout, std::cerr, Style::of(stdout), Style::of(stderr)};
  try {
    const std::variant<Arguments, Message> parsed = parse_arguments(argc, argv);
    if (const Message* message = std::get_if<Message>(&parsed)) {
      (message->exit_code == 0 ? console.out : console.error) << message->text << std::flush;
      return message->exit_code;
    }
    const Arguments& arguments = std::get<Arguments>(parsed);
    console.json = arguments.json;
    if (std::holds_alternative<Version>(arguments.command)) return show_version(console);
    return run_command(arguments, std::move(options), console);
  } catch (const Error& error) {
    console.report(error);
    return exit_code(error.kind());
  } catch (const std::exception& error) {
    return report_unknown(console, error.what());
  }
}

}  // namespace whimbrel

#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>
#include <sstream>

#include "cli/exit_code.h"

namespace whimbrel::cli {

namespace {

// Options are read into the one of these that its command needs.
struct Slots {
  MakeMigrations make_migrations;
  Migrations migrations;
  RevertMigration revert_migration;
  Status status;
  NewMigration new_migration;
  Synchronize synchronize;
  DropSchema drop_schema;
  std::string url;
  bool json = false;
};

class Parser {
 public:
  Parser() : app_("The migrations of this program.", "manage") {
    app_.require_subcommand(1);
    app_.set_help_flag("-h,--help", "Show this help");
    add_make_migrations(add("makemigrations"));
    add_migrations(add("migrations"));
    add_revert_migration(add("revertmigration"));
    add_status(add("status"));
    add_new_migration(add("newmigration"));
    add_synchronize(add("synchronize"));
    add_drop_schema(add("dropschema"));
    add_json(add("version"));
  }

  std::variant<Arguments, Message> parse(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return message(error);
    }
    return Arguments{command(), slots_.url, slots_.json};
  }

 private:
  CLI::App& add(const char* name) {
    for (const CommandSummary& summary : command_summaries) {
      if (std::string_view(summary.name) == name) return *app_.add_subcommand(name, summary.summary);
    }
    throw CLI::InvalidError(name);
  }

  void add_database(CLI::App& command) {
    command.add_option("--url", slots_.url,
                       "The database, instead of the program's; WHIMBREL_URL and DATABASE_URL say it too");
  }
  void add_json(CLI::App& command) { command.add_flag("--json", slots_.json, "Report in JSON, and ask no questions"); }

  void add_assignments(CLI::App& command, const std::string& option, std::vector<Assignment>& slot,
                       const std::string& form, const std::string& help) {
    command
        .add_option_function<std::vector<std::string>>(
            option,
            [&slot, option, form](const std::vector<std::string>& texts) {
              for (const std::string& text : texts) {
                const std::optional<Assignment> assignment = parse_assignment(text);
                if (!assignment) throw CLI::ValidationError(option, '"' + text + "\" is not of the form " + form);
                slot.push_back(*assignment);
              }
            },
            help)
        ->type_name(form)
        ->take_all()
        ->allow_extra_args(false);
  }

  void add_make_migrations(CLI::App& command) {
    MakeMigrations& slot = slots_.make_migrations;
    command.add_option("-n,--name", slot.name, "The name of the migration")->type_name("NAME")->capture_default_str();
    command.add_flag("--dry-run", slot.dry_run, "Print the migration, write nothing");
    command.add_flag("--check", slot.check, "Write nothing; exit with 4 if the database differs from the entities");
    add_assignments(command, "--rename", slot.renames, "T.OLD=NEW",
                    "Column OLD of table T is named NEW now; OLD=NEW for a table. Repeatable");
    add_assignments(command, "--not-rename", slot.not_renames, "T.OLD=NEW",
                    "Column NEW of table T is another one than OLD, which is dropped. Repeatable");
    add_assignments(command, "--default", slot.defaults, "T.C=EXPR",
                    "What column C of table T gets in the rows that are there, in SQL. Repeatable");
    command.add_flag("--ignore-pending", slot.ignore_pending, "Go on although there are migrations to be run");
    command.add_flag("!--no-verify", slot.verify, "Write the migration without having tried it on a scratch copy");
    add_database(command);
    add_json(command);
  }

  void add_execution(CLI::App& command, bool& dry_run, bool& fake) {
    command.add_flag("--dry-run", dry_run, "Print the statements, run nothing");
    command.add_flag("--fake", fake, "Change the history only, run nothing");
  }

  void add_migrations(CLI::App& command) {
    Migrations& slot = slots_.migrations;
    add_execution(command, slot.dry_run, slot.fake);
    static const std::map<std::string, TransactionMode> modes = {
        {"all", TransactionMode::all}, {"each", TransactionMode::each}, {"none", TransactionMode::none}};
    command
        .add_option_function<std::string>(
            "--transaction", [&slot](const std::string& mode) { slot.transaction = modes.at(mode); },
            "One transaction for all, one for each, or none; the default is the program's")
        ->type_name("all|each|none")
        ->check(CLI::IsMember(&modes));
    command.add_option("--to", slot.to, "The last migration to run: its name, its timestamp or its file")
        ->type_name("NAME");
    add_database(command);
    add_json(command);
  }

  void add_revert_migration(CLI::App& command) {
    RevertMigration& slot = slots_.revert_migration;
    CLI::Option* steps = command.add_option("--steps", slot.steps, "How many migrations to revert")
                             ->type_name("N")
                             ->check(CLI::PositiveNumber)
                             ->capture_default_str();
    CLI::Option* to = command.add_option("--to", slot.to, "Revert what was applied after this migration")
                          ->type_name("NAME")
                          ->excludes(steps);
    command.add_flag("--all", slot.all, "Revert all migrations")->excludes(steps)->excludes(to);
    add_execution(command, slot.dry_run, slot.fake);
    add_database(command);
    add_json(command);
  }

  void add_status(CLI::App& command) {
    command.add_flag("--check", slots_.status.check, "Exit with 4 if there are migrations to be run");
    add_database(command);
    add_json(command);
  }

  void add_new_migration(CLI::App& command) {
    command.add_option("name", slots_.new_migration.name, "The name of the migration")->type_name("NAME")->required();
    add_json(command);
  }

  void add_synchronize(CLI::App& command) {
    Synchronize& slot = slots_.synchronize;
    command.add_flag("--dry-run", slot.dry_run, "Print the statements, run nothing");
    command.add_flag("--allow-data-loss", slot.allow_data_loss, "Also do what loses data");
    add_assignments(command, "--rename", slot.renames, "T.OLD=NEW",
                    "Column OLD of table T is named NEW now; OLD=NEW for a table. Repeatable");
    add_assignments(command, "--default", slot.defaults, "T.C=EXPR",
                    "What column C of table T gets in the rows that are there, in SQL. Repeatable");
    add_database(command);
    add_json(command);
  }

  void add_drop_schema(CLI::App& command) {
    command.add_flag("--yes", slots_.drop_schema.yes, "Do not ask");
    command.add_flag("--dry-run", slots_.drop_schema.dry_run, "Print the statements, drop nothing");
    add_database(command);
    add_json(command);
  }

  Command command() const {
    const std::string name = app_.get_subcommands().front()->get_name();
    if (name == "makemigrations") return slots_.make_migrations;
    if (name == "migrations") return slots_.migrations;
    if (name == "revertmigration") return slots_.revert_migration;
    if (name == "status") return slots_.status;
    if (name == "newmigration") return slots_.new_migration;
    if (name == "synchronize") return slots_.synchronize;
    if (name == "dropschema") return slots_.drop_schema;
    return Version{};
  }

  // The help of the command that was named, or of all.
  const CLI::App& subject() const {
    const std::vector<CLI::App*> commands = app_.get_subcommands();
    return commands.empty() ? app_ : *commands.front();
  }

  Message message(const CLI::ParseError& error) const {
    if (error.get_exit_code() == 0) return {subject().help(), done};
    const std::string name = commands_name();
    return {std::string(error.what()) + "\nWhat to do: run `" + name + " --help` for the options.\n", wrong_usage};
  }

  std::string commands_name() const {
    const CLI::App& app = subject();
    return &app == &app_ ? app_.get_name() : app_.get_name() + ' ' + app.get_name();
  }

  Slots slots_;
  CLI::App app_;
};

}  // namespace

std::variant<Arguments, Message> parse_arguments(int argc, const char* const* argv) {
  return Parser().parse(argc, argv);
}

}  // namespace whimbrel::cli

#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <sstream>
#include <string>

#include "cli/exit_code.h"
#include "cli/unknown_command.h"

namespace whimbrel::cli {

namespace {

// Each option is stored in the slot of its command.
struct Slots {
  MakeMigrations make_migrations;
  Migrations migrations;
  RevertMigration revert_migration;
  Status status;
  NewMigration new_migration;
  Synchronize synchronize;
  DropSchema drop_schema;
  Baseline baseline;
  Diff diff;
  Inspect inspect;
  WriteEntities write_entities;
  std::string url;
  bool json = false;
};

/// CLI11 lists the options that an option excludes in the order of their addresses, which differs from run to run.
class Help final : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text = CLI::Formatter::make_option_opts(option);
    const std::string label = get_label("Excludes") + ':';
    const std::size_t begin = text.find(label);
    if (begin == text.npos) return text;
    std::istringstream names(text.substr(begin + label.size()));
    const std::set<std::string> sorted{std::istream_iterator<std::string>(names), {}};
    std::string result = text.substr(0, begin + label.size());
    for (const std::string& name : sorted) result += ' ' + name;
    return result;
  }
};

class Parser {
 public:
  explicit Parser(const std::string& program) : app_("Manages the database migrations of this program.", program) {
    app_.require_subcommand(1);
    app_.set_help_flag("-h,--help", "Show this help");
    app_.formatter(std::make_shared<Help>());
    add_make_migrations(add("makemigrations"));
    add_migrations(add("migrations"));
    add_revert_migration(add("revertmigration"));
    add_status(add("status"));
    add_new_migration(add("newmigration"));
    add_synchronize(add("synchronize"));
    add_drop_schema(add("dropschema"));
    add_baseline(add("baseline"));
    add_diff(add("diff"));
    add_inspect(add("inspect"));
    add_write_entities(add("entities"));
    add_json(add("version"));
  }

  std::variant<Arguments, Message> parse(int argc, const char* const* argv) {
    if (argc > 1 && argv[1][0] != '-') {
      if (const auto error = unknown_command(argv[1])) return wrong(*error);
    }
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
    command
        .add_option("--url", slots_.url,
                    "Use this database instead of the program's; also WHIMBREL_URL or DATABASE_URL")
        ->type_name("URL");
  }
  void add_json(CLI::App& command) { command.add_flag("--json", slots_.json, "Report in JSON and ask no questions"); }

  void add_assignments(CLI::App& command, const std::string& option, std::vector<TableColumnValue>& slot,
                       const std::string& form, const std::string& help) {
    command
        .add_option_function<std::vector<std::string>>(
            option,
            [&slot, option, form](const std::vector<std::string>& texts) {
              for (const std::string& text : texts) {
                const std::optional<TableColumnValue> assignment = parse_table_column_value(text);
                if (!assignment) throw CLI::ValidationError(option, '"' + text + "\" is not of the form " + form);
                slot.push_back(*assignment);
              }
            },
            help)
        ->type_name(form)
        ->take_all()
        ->allow_extra_args(false);
  }

  void add_drops(CLI::App& command, std::vector<QualifiedName>& slot) {
    command
        .add_option_function<std::vector<std::string>>(
            "--drop",
            [&slot](const std::vector<std::string>& texts) {
              for (const std::string& text : texts) {
                const std::optional<QualifiedName> name = parse_name(text);
                if (!name || name->size() > 2)
                  throw CLI::ValidationError("--drop", '"' + text + "\" is neither TABLE nor SCHEMA.TABLE");
                slot.push_back(*name);
              }
            },
            "Drop table T, which no entity describes any more, with its rows. Repeatable")
        ->type_name("T")
        ->take_all()
        ->allow_extra_args(false);
  }

  /// An option with a fixed set of values.
  template <class Value>
  static void add_choice(CLI::App& command, const std::string& option, const std::string& help,
                         std::vector<std::pair<std::string, Value>> choices, std::function<void(Value)> choose) {
    std::string words;
    for (const auto& [word, value] : choices) words += (words.empty() ? "" : "|") + word;
    command
        .add_option_function<std::string>(
            option,
            [option, words, choices = std::move(choices), choose = std::move(choose)](const std::string& text) {
              for (const auto& [word, value] : choices) {
                if (word == text) return choose(value);
              }
              throw CLI::ValidationError(option, '"' + text + "\" is not one of " + words);
            },
            help)
        ->type_name(words);
  }

  static void add_schemas(CLI::App& command, std::vector<std::string>& slot) {
    command.add_option("--schema", slot, "Limit to this schema. Repeatable")
        ->type_name("NAME")
        ->take_all()
        ->allow_extra_args(false);
  }

  static void add_no_verify(CLI::App& command, bool& verify) {
    command.add_flag_callback(
        "--no-verify", [&verify] { verify = false; }, "Skip verification on a scratch copy of the schema");
  }

  void add_baseline(CLI::App& command) {
    Baseline& slot = slots_.baseline;
    command.add_option("-n,--name", slot.name, "The name of the migration")->type_name("NAME")->capture_default_str();
    command.add_flag("--dry-run", slot.dry_run, "Print the migration; write and record nothing");
    add_no_verify(command, slot.verify);
    add_database(command);
    add_json(command);
  }

  void add_diff(CLI::App& command) {
    Diff& slot = slots_.diff;
    command.add_option("from", slot.from, "A database URL, an .sql file, or `entities` in a project")
        ->type_name("FROM")
        ->required();
    command.add_option("to", slot.to, "Like FROM")->type_name("TO")->required();
    add_choice<Format>(command, "--format", "Output format; default: human on a terminal, else sql",
                       {{"human", Format::human}, {"sql", Format::sql}, {"json", Format::json}},
                       [&slot](Format format) { slot.format = format; });
    command.add_flag("--exit-code", slot.exit_code, "Exit with 4 if the schemas differ");
    command.add_flag("--down", slot.down, "Print the SQL from TO back to FROM");
    command.add_flag("--all", slot.all, "Also list unmanaged objects, which no entity describes");
    command.add_flag("--privileges", slot.privileges,
                     "Also compare owners, grants and default privileges; the roles must exist");
    add_schemas(command, slot.schemas);
    add_assignments(command, "--rename", slot.renames, "T.OLD=NEW",
                    "Rename column T.OLD to NEW, its name in TO; OLD=NEW renames a table. Repeatable");
    add_assignments(command, "--backfill", slot.backfills, "T.C=EXPR",
                    "Backfill column T.C of existing rows with an SQL expression. Repeatable");
    add_no_verify(command, slot.verify);
    command
        .add_option("--scratch", slot.scratch,
                    "Create scratch databases at this URL; default: beside FROM, or TO if FROM is a file")
        ->type_name("URL");
    add_json(command);
  }

  void add_inspect(CLI::App& command) {
    Inspect& slot = slots_.inspect;
    command.add_option("url", slots_.url, "The database; default: the program's")->type_name("URL");
    add_choice<Format>(command, "--format", "Output format; default: human",
                       {{"human", Format::human}, {"json", Format::json}, {"sql", Format::sql}},
                       [&slot](Format format) { slot.format = format; });
    add_schemas(command, slot.schemas);
    add_json(command);
  }

  void add_write_entities(CLI::App& command) {
    WriteEntities& slot = slots_.write_entities;
    command.add_option("url", slots_.url, "The database; default: the program's")->type_name("URL");
    command.add_option("--out", slot.directory, "The output directory; created if it does not exist")
        ->type_name("DIR")
        ->required();
    command.add_option("--namespace", slot.name_space, "The namespace of the entities: shop, or shop::model")
        ->type_name("N");
    add_json(command);
  }

  void add_make_migrations(CLI::App& command) {
    MakeMigrations& slot = slots_.make_migrations;
    command.add_option("-n,--name", slot.name, "The name of the migration")->type_name("NAME")->capture_default_str();
    command.add_flag("--dry-run", slot.dry_run, "Print the migration; write nothing");
    command.add_flag("--check", slot.check, "Write nothing; exit with 4 if there are differences");
    add_choice<Origin>(command, "--from",
                       "Compare the entities with the database (default) or with what the migrations produce",
                       {{"database", Origin::database}, {"migrations", Origin::migrations}},
                       [&slot](Origin from) { slot.from = from; });
    add_assignments(command, "--rename", slot.renames, "T.OLD=NEW",
                    "Rename column T.OLD to NEW; OLD=NEW renames a table. Repeatable");
    add_assignments(command, "--not-rename", slot.not_renames, "T.OLD=NEW",
                    "Not a rename: drop column T.OLD and add T.NEW; OLD=NEW for a table. Repeatable");
    add_assignments(command, "--backfill", slot.backfills, "T.C=EXPR",
                    "Backfill column T.C of existing rows with an SQL expression. Repeatable");
    add_drops(command, slot.drops);
    command.add_flag("--ignore-pending", slot.ignore_pending, "Generate even if migrations are pending or missing");
    command
        .add_option_function<std::vector<std::string>>(
            "--rebase",
            [&slot](const std::vector<std::string>& names) {
              slot.rebase = true;
              if (!names.empty()) slot.rebased = names.front();
            },
            "Regenerate the unapplied migration that conflicts with another branch's migration")
        ->type_name("[NAME]")
        ->expected(0, 1);
    add_no_verify(command, slot.verify);
    command.add_option("--rows", slot.rows, "Verify with up to N rows of each table; 0: without rows")
        ->check([](const std::string& text) { return text.starts_with('-') ? text + " is negative" : std::string(); })
        ->type_name("N")
        ->capture_default_str();
    add_database(command);
    add_json(command);
  }

  /// The options that running and reverting share.
  template <class Slot>
  static void add_execution(CLI::App& command, Slot& slot) {
    command.add_flag("--dry-run", slot.dry_run, "Print the statements; run nothing");
    command.add_flag("--fake", slot.fake, "Update the history without running any migration");
    add_choice<TransactionMode>(
        command, "--transaction",
        "One transaction for all, one per migration, or none; default: DataSourceOptions::transaction",
        {{"all", TransactionMode::all}, {"each", TransactionMode::each}, {"none", TransactionMode::none}},
        [&slot](TransactionMode mode) { slot.transaction = mode; });
  }

  void add_migrations(CLI::App& command) {
    Migrations& slot = slots_.migrations;
    add_execution(command, slot);
    command.add_option("--to", slot.to, "Run up to this migration: its name, timestamp or file")->type_name("NAME");
    add_database(command);
    add_json(command);
  }

  static CLI::Validator at_least_one() {
    const auto check = [](const std::string& text) {
      const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
      const bool is_positive = is_number && text.find_first_not_of('0') != text.npos;
      return is_positive ? std::string() : '"' + text + "\" is not a positive number";
    };
    return {check, ""};
  }

  void add_revert_migration(CLI::App& command) {
    RevertMigration& slot = slots_.revert_migration;
    CLI::Option* steps = command.add_option("--steps", slot.steps, "How many migrations to revert")
                             ->type_name("N")
                             ->check(at_least_one())
                             ->capture_default_str();
    CLI::Option* to = command.add_option("--to", slot.to, "Revert all migrations applied after this one")
                          ->type_name("NAME")
                          ->excludes(steps);
    command.add_flag("--all", slot.all, "Revert all migrations; asks first on a terminal")
        ->excludes(steps)
        ->excludes(to);
    command.add_flag("--yes", slot.yes, "Do not ask");
    command.add_flag("--allow-data-loss", slot.allow_data_loss,
                     "Also revert migrations that were recorded without being run");
    add_execution(command, slot);
    add_database(command);
    add_json(command);
  }

  void add_status(CLI::App& command) {
    command.add_flag("--check", slots_.status.check, "Exit with 4 if migrations are pending or partial");
    add_database(command);
    add_json(command);
  }

  void add_new_migration(CLI::App& command) {
    command.add_option("name", slots_.new_migration.name, "The name of the migration")->type_name("NAME")->required();
    add_json(command);
  }

  void add_synchronize(CLI::App& command) {
    Synchronize& slot = slots_.synchronize;
    command.add_flag("--dry-run", slot.dry_run, "Print the statements; run nothing");
    command.add_flag("--allow-data-loss", slot.allow_data_loss, "Also make changes that lose data");
    add_assignments(command, "--rename", slot.renames, "T.OLD=NEW",
                    "Rename column T.OLD to NEW; OLD=NEW renames a table. Repeatable");
    add_assignments(command, "--backfill", slot.backfills, "T.C=EXPR",
                    "Backfill column T.C of existing rows with an SQL expression. Repeatable");
    add_database(command);
    add_json(command);
  }

  void add_drop_schema(CLI::App& command) {
    command.add_flag("--yes", slots_.drop_schema.yes, "Do not ask");
    command.add_flag("--dry-run", slots_.drop_schema.dry_run, "Print the statements; drop nothing");
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
    if (name == "baseline") return slots_.baseline;
    if (name == "diff") return slots_.diff;
    if (name == "entities") return slots_.write_entities;
    if (name == "inspect") return slots_.inspect;
    return Version{};
  }

  // The command that was named, or the program.
  const CLI::App& current_command() const {
    const std::vector<CLI::App*> commands = app_.get_subcommands();
    return commands.empty() ? app_ : *commands.front();
  }

  Message message(const CLI::ParseError& error) const {
    if (error.get_exit_code() == 0) return {current_command().help(), done};
    return wrong(error.what());
  }
  [[nodiscard]] Message wrong(const std::string& what) const {
    return {"error: " + what + "\nWhat to do: Run `" + commands_name() + " --help` for the options.\n", wrong_usage};
  }

  std::string commands_name() const {
    const CLI::App& app = current_command();
    return &app == &app_ ? app_.get_name() : app_.get_name() + ' ' + app.get_name();
  }

  Slots slots_;
  CLI::App app_;
};

}  // namespace

std::variant<Arguments, Message> parse_arguments(int argc, const char* const* argv, const std::string& program) {
  return Parser(program).parse(argc, argv);
}

bool is_entities(const std::string& side) { return side == "entities"; }

}  // namespace whimbrel::cli

#include "change/synchronize.h"
#include "cli/commands.h"

namespace whimbrel::cli {

namespace {

void show(const Console& console, const change::Dropped& dropped) {
  for (const sql::Statement& statement : dropped.statements) console.source("  " + statement.sql + '\n');
  for (const std::string& note : dropped.notes) console.line("Note: " + note);
}

// Returns whether the tables may be dropped. Throws if neither --yes nor a user answers.
bool has_consent(const Context& context, const DropSchema& arguments, const change::Dropped& planned) {
  if (arguments.yes) return true;
  const std::string database = context.session.connection().description();
  show(context.console, planned);
  const auto answer =
      context.questions.confirm("This drops everything listed above from " + database + ", including all rows.");
  if (answer) return *answer;
  context.session.stop_if_interrupted();
  throw Error(ErrorKind::undecided,
              "dropschema needs confirmation: it would drop tables of " + database + " with all their rows.")
      .with_remedy("Pass --yes to confirm; --dry-run lists what would be dropped.");
}

}  // namespace

ExitCode execute(const Context& context, const DropSchema& arguments) {
  const Console& console = context.console;
  change::Dropped dropped = change::drop_schema(context.session, {.dry_run = true});
  const bool nothing = dropped.statements.empty();
  if (!nothing && !arguments.dry_run) {
    if (!has_consent(context, arguments, dropped)) {
      console.line("Nothing was dropped.");
      return failed;
    }
    dropped = change::drop_schema(context.session);
  }
  if (!nothing && (arguments.dry_run || arguments.yes)) show(console, dropped);
  console.line(nothing ? "There is nothing to drop." : arguments.dry_run ? "Nothing was dropped." : "Dropped.");
  if (console.json) {
    console.document(
        Json::Object{{"dry_run", arguments.dry_run}, {"sql", texts(dropped.statements)}, {"notes", dropped.notes}});
  }
  return done;
}

}  // namespace whimbrel::cli

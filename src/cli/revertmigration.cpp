#include <algorithm>

#include "cli/applied.h"
#include "cli/commands.h"
#include "run/runner.h"
#include "run/status.h"

namespace whimbrel::cli {

namespace {

/// Returns whether the migrations may be reverted. Only users are asked: a script that says --all means it.
bool user_consents(const Context& context, const RevertMigration& arguments) {
  const bool is_harmless = !arguments.all || arguments.dry_run || arguments.fake;
  if (is_harmless || arguments.yes || !context.questions.has_user()) return true;
  const std::vector<run::MigrationStatus> migrations = run::status(context.session);
  const auto count = static_cast<std::size_t>(std::count_if(
      migrations.begin(), migrations.end(),
      [](const run::MigrationStatus& migration) { return migration.applied || migration.partial.has_value(); }));
  if (count == 0) return true;
  const std::string which = count == 1 ? "1 migration" : "all " + count_text(count, "migration");
  const auto answer = context.questions.confirm(
      "This reverts " + which + " of " + context.session.connection().description() +
      ", and drops the tables created by " + (count == 1 ? "it" : "them") + ", including all rows.");
  if (!answer) context.session.stop_if_interrupted();
  return answer.value_or(false);
}

}  // namespace

ExitCode execute(const Context& context, const RevertMigration& arguments) {
  if (!user_consents(context, arguments)) {
    context.console.line("Nothing was reverted.");
    return failed;
  }
  run::RevertOptions options;
  options.fake = arguments.fake;
  options.dry_run = arguments.dry_run;
  options.steps = arguments.steps;
  options.to = arguments.to;
  options.all = arguments.all;
  options.allow_data_loss = arguments.allow_data_loss;
  options.transaction = arguments.transaction;
  const AppliedWords words =
      arguments.dry_run ? AppliedWords{"Would revert", "would be reverted"}
      : arguments.fake  ? AppliedWords{"Removed from the history without running down:", "removed from the history"}
                        : AppliedWords{"Reverted", "reverted"};
  options.on_done = [&](const run::MigrationResult& migration) {
    show_applied(context.console, words, migration, context.session.dialect().syntax());
  };
  const auto reverted = run::revert_migrations(context.session, options);
  context.console.line(reverted.empty() ? "There is nothing to revert."
                                        : count_text(reverted.size(), "migration") + ' ' + words.all + '.');
  if (arguments.dry_run) note_preview(context.console, reverted);
  if (context.console.json) context.console.document(applied_document(reverted, arguments.dry_run));
  return done;
}

}  // namespace whimbrel::cli

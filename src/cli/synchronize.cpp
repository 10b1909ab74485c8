#include "change/synchronize.h"

#include "cli/answers.h"
#include "cli/commands.h"

namespace whimbrel::cli {

ExitCode execute(const Context& context, const Synchronize& arguments) {
  change::SynchronizeOptions options;
  options.mode = arguments.allow_data_loss ? SynchronizeMode::allow_data_loss : SynchronizeMode::safe;
  options.dry_run = arguments.dry_run;
  options.answers = read_answers(arguments.renames, {}, arguments.backfills);
  require_expressions(options.answers, context.session.dialect().syntax());
  const change::Synchronized result = change::synchronize(context.session, options);

  const Console& console = context.console;
  const std::vector<std::string> statements = texts(result.statements);
  for (const std::string& statement : statements) console.source("  " + statement + '\n');
  for (const std::string& loss : result.losses) {
    console.line(console.style.yellow(arguments.dry_run ? "Would lose: " : "Lost: ") + loss);
  }
  for (const std::string& object : result.unmanaged) console.line("Unmanaged, not touched: " + object);
  if (statements.empty()) {
    console.line("No changes");
  } else {
    console.line(arguments.dry_run ? "Nothing was changed." : "The database now matches the entities.");
  }
  if (console.json) {
    console.document(Json::Object{{"dry_run", arguments.dry_run},
                                  {"sql", statements},
                                  {"losses", result.losses},
                                  {"unmanaged", result.unmanaged}});
  }
  return done;
}

}  // namespace whimbrel::cli

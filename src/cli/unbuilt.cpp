#include "cli/unbuilt.h"

#include "write/migration_file.h"

namespace whimbrel::cli {

namespace {

std::string build_first(const std::string& command) {
  return "Build it, or run `whimbrel " + command + "`, which does.";
}

/// Returns `src/migrations has A.cpp and 2 more, which this program was built without.`; empty if there is none. A
/// program that runs where its sources are not has nothing to compare, nor has one that writes new files elsewhere.
std::string unbuilt_text(const session::Session& session) {
  const DataSourceOptions& options = session.options();
  if (!options.migrations_directory.empty() || options.migrations.directory == nullptr) return {};
  const std::string directory = migrations_directory(session);
  const std::vector<std::string> files = write::unknown_migration_files(directory, known_timestamps(session));
  if (files.empty()) return {};
  const std::string more = files.size() > 1 ? " and " + std::to_string(files.size() - 1) + " more" : "";
  return short_path(directory) + " has " + files.front() + more + ", which this program was built without.";
}

}  // namespace

void warn_of_unbuilt(const Context& context, const std::string& command) {
  const std::string text = unbuilt_text(context.session);
  if (!text.empty()) context.console.warning(text + ' ' + build_first(command));
}

void check_for_unbuilt(const Context& context, const MakeMigrations& arguments) {
  if (arguments.ignore_pending) return warn_of_unbuilt(context, "makemigrations");
  const std::string text = unbuilt_text(context.session);
  if (text.empty()) return;
  const std::string failed = arguments.check    ? "Nothing was compared: "
                             : arguments.rebase ? "Cannot regenerate a migration: "
                                                : "Cannot generate a migration: ";
  const std::string ignored =
      arguments.check ? "they are left out of the comparison." : "the new migration may repeat what they do.";
  throw Error(ErrorKind::usage, failed + text)
      .with_remedy(build_first(arguments.check ? "makemigrations --check" : "makemigrations") +
                   " With --ignore-pending, " + ignored);
}

}  // namespace whimbrel::cli

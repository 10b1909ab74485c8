#include "cli/unbuilt.h"

#include "write/migration_file.h"

namespace whimbrel::cli {

namespace {

constexpr const char* build_first = "Build it, or run `whimbrel migrations`, which does.";

/// Returns `src/migrations has A.cpp and 2 more, which this program was built without.`; empty if there is none. A
/// program that runs where its sources are not has nothing to compare, nor has one that writes new files elsewhere.
std::string unbuilt_text(const run::Session& session) {
  const DataSourceOptions& options = session.options();
  if (!options.migrations_directory.empty() || options.migrations.directory == nullptr) return {};
  const std::string directory = migrations_directory(session);
  const std::vector<std::string> files = write::unknown_migration_files(directory, known_timestamps(session));
  if (files.empty()) return {};
  const std::string more = files.size() > 1 ? " and " + std::to_string(files.size() - 1) + " more" : "";
  return short_path(directory) + " has " + files.front() + more + ", which this program was built without.";
}

}  // namespace

void check_for_unbuilt(const Context& context, bool required) {
  const std::string text = unbuilt_text(context.session);
  if (text.empty()) return;
  if (!required) return context.console.warning(text + ' ' + build_first);
  throw Error(ErrorKind::usage, "Cannot generate a migration: " + text)
      .with_remedy(std::string(build_first) + " With --ignore-pending, the new migration may repeat what it does.");
}

}  // namespace whimbrel::cli

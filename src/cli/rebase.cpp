#include "cli/rebase.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/commands.h"
#include "run/rebase.h"
#include "write/migration_file.h"

namespace whimbrel::cli {

namespace {

namespace fs = std::filesystem;

bool has_migration(const fs::path& file, const std::string& name) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  return text.find("WHIMBREL_MIGRATION(" + name + ')') != text.npos;
}

fs::path file_of(const std::string& directory, const session::KnownMigration& migration) {
  const std::string beginning = std::to_string(migration.timestamp) + '-';
  for (const std::string& name : write::names_of_files(directory)) {
    fs::path path = fs::path(directory) / name;
    const bool may_be = path.extension() == ".cpp" && name.starts_with(beginning);
    if (may_be && has_migration(path, migration.name)) return path;
  }
  throw Error(ErrorKind::file, "The file of migration " + migration.name + " was not found in " + directory + '.')
      .with_migration(migration.name)
      .with_remedy("Its name begins with the timestamp: " + beginning + "NAME.cpp. Build again if it was moved.");
}

}  // namespace

Replaced find_replaced(session::Session& session, const std::string& name) {
  Replaced replaced;
  const std::string directory = migrations_directory(session);
  for (const session::KnownMigration* migration : run::migrations_to_rebase(session, name)) {
    const fs::path file = file_of(directory, *migration);
    if (replaced.empty()) replaced.name = file.stem().string().substr(std::to_string(migration->timestamp).size() + 1);
    replaced.migrations.push_back(migration->name);
    replaced.files.push_back(file.string());
  }
  const MigrationList& list = session.options().migrations;
  for (std::size_t i = 0; i < list.size; ++i) {
    const auto& names = replaced.migrations;
    if (std::find(names.begin(), names.end(), list.entries[i].name) == names.end()) {
      replaced.others.push_back(list.entries[i]);
    }
  }
  return replaced;
}

}  // namespace whimbrel::cli

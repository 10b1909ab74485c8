#include "write/migration_file.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

#include "whimbrel/error.h"
#include "write/migration_source.h"
#include "write/new_file.h"

namespace whimbrel::write {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t digits = 13;
constexpr std::int64_t first_timestamp = 1'000'000'000'000;
constexpr std::int64_t last_timestamp = 9'999'999'999'999;

std::optional<std::int64_t> timestamp_of_file(const std::string& name) {
  std::int64_t timestamp = 0;
  if (name.size() <= digits || name[digits] != '-') return std::nullopt;
  const auto [end, error] = std::from_chars(name.data(), name.data() + digits, timestamp);
  if (error != std::errc() || end != name.data() + digits || timestamp < 0) return std::nullopt;
  return timestamp;
}

std::int64_t next_timestamp(const NewMigration& migration, std::int64_t before) {
  std::int64_t latest = std::max({migration.now - 1, first_timestamp - 1, before});
  for (const std::int64_t timestamp : migration.timestamps) latest = std::max(latest, timestamp);
  for (const std::int64_t timestamp : timestamps_of_files(migration.directory)) latest = std::max(latest, timestamp);
  if (latest >= last_timestamp) {
    throw Error(ErrorKind::migration, "Cannot create a timestamp of 13 digits later than " + std::to_string(latest) +
                                          ", the timestamp of a migration in " + migration.directory + '.')
        .with_remedy("Correct the timestamp of that migration, in its file name and its class name.");
  }
  return latest + 1;
}

}  // namespace

std::vector<std::string> names_of_files(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(directory, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw Error(ErrorKind::file, "Cannot read the directory " + directory + ": " + error.message() + '.')
        .with_remedy("Make the directory readable, or choose another one.");
  }
  return names;
}

std::vector<std::int64_t> timestamps_of_files(const std::string& directory) {
  std::vector<std::int64_t> timestamps;
  for (const std::string& name : names_of_files(directory)) {
    if (const auto timestamp = timestamp_of_file(name)) timestamps.push_back(*timestamp);
  }
  return timestamps;
}

std::vector<std::string> unknown_migration_files(const std::string& directory, const std::vector<std::int64_t>& known) {
  const std::set<std::int64_t> timestamps(known.begin(), known.end());
  std::vector<std::string> unknown;
  std::error_code error;
  fs::directory_iterator entry(directory, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const auto timestamp = timestamp_of_file(name);
    if (timestamp && name.ends_with(".cpp") && !timestamps.contains(*timestamp)) unknown.push_back(name);
  }
  std::sort(unknown.begin(), unknown.end());
  return unknown;
}

std::vector<MigrationFile> prepare_migrations(const std::vector<NewMigration>& migrations) {
  std::vector<MigrationFile> files;
  std::int64_t timestamp = 0;
  for (const NewMigration& migration : migrations) {
    timestamp = next_timestamp(migration, timestamp);
    MigrationFile file;
    file.timestamp = timestamp;
    file.class_name = class_name(migration.name, timestamp);
    file.path = (fs::path(migration.directory) / file_name(migration.name, timestamp)).string();
    file.text =
        render({file.class_name, migration.script, migration.remarks, migration.in_transaction, migration.tables});
    files.push_back(std::move(file));
  }
  return files;
}

std::vector<MigrationFile> write_migrations(const std::vector<NewMigration>& migrations) {
  return replace_migrations(migrations, {});
}

std::vector<MigrationFile> replace_migrations(const std::vector<NewMigration>& migrations,
                                              const std::vector<std::string>& replaced) {
  RemovedFiles removed;
  NewFiles written;
  std::vector<MigrationFile> files;
  std::optional<NewDirectory> directory;
  std::optional<DirectoryLock> lock;
  if (!migrations.empty()) {
    const NewMigration& first = migrations.front();
    static_cast<void>(class_name(first.name, first_timestamp));  // Checks the name before the directory is created.
    directory.emplace(first.directory);
    lock.emplace(first.directory);
    files = prepare_migrations(migrations);
  }
  for (const MigrationFile& file : files) written.write(file.path, file.text);
  for (const std::string& path : replaced) removed.remove(path);
  removed.keep();
  written.keep();
  if (directory) directory->keep();
  return files;
}

MigrationFile prepare_migration(const NewMigration& migration) { return prepare_migrations({migration}).front(); }

MigrationFile write_migration(const NewMigration& migration) { return write_migrations({migration}).front(); }

}  // namespace whimbrel::write

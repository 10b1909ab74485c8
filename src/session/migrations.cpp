#include "session/migrations.h"

#include <algorithm>
#include <charconv>

#include "whimbrel/error.h"

namespace whimbrel::session {

namespace {

constexpr std::size_t timestamp_digits = 13;

bool are_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t number(std::string_view digits) {
  std::int64_t result = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), result);
  return result;
}

Error wrong_list(const std::string& message, const std::string& remedy) {
  return Error(ErrorKind::migration, message).with_remedy(remedy);
}

KnownMigration read_entry(const MigrationEntry& entry) {
  if (entry.name == nullptr || *entry.name == '\0') {
    throw wrong_list("A migration in the list has no name.", "Generate the list with whimbrel_add_migrations().");
  }
  KnownMigration migration{entry.name, timestamp_of(entry.name), entry.checksum == nullptr ? "" : entry.checksum,
                           entry.with_instance};
  if (migration.timestamp == 0) {
    throw wrong_list("The name of the migration " + migration.name + " does not end with a timestamp.",
                     "Its class name must end with 13 digits, the milliseconds since 1970, as in "
                     "CreateUser1561981516514.")
        .with_migration(migration.name);
  }
  if (migration.with_instance == nullptr) {
    throw wrong_list(
        "The migration " + migration.name + " cannot be instantiated: its MigrationList entry has no function.",
        "Write WHIMBREL_MIGRATION(" + migration.name +
            "); after the class, and generate the list with whimbrel_add_migrations().")
        .with_migration(migration.name);
  }
  return migration;
}

void refuse_duplicates(const std::vector<KnownMigration>& sorted) {
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const KnownMigration& one = sorted[i - 1];
    const KnownMigration& other = sorted[i];
    if (one.timestamp != other.timestamp) continue;
    if (one.name == other.name) {
      throw wrong_list("Two migrations are named " + one.name + '.',
                       "Change the timestamp of one of them, in its class name and its file name.")
          .with_migration(one.name);
    }
    throw wrong_list(
        "The migrations " + one.name + " and " + other.name + " have the same timestamp, so their order is undefined.",
        "Give the one that must run later a greater timestamp, in its class name and its file name.")
        .with_migration(other.name);
  }
}

/// Returns the part that a file name, `unique-email`, and its class name, `UniqueEmail`, have in common.
std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      letters += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return letters;
}

const KnownMigration* find_by_short_name(const std::vector<KnownMigration>& migrations, std::string_view what) {
  if (what.ends_with(".cpp")) what.remove_suffix(4);
  const std::string wanted = letters_of(what);
  const KnownMigration* found = nullptr;
  for (const KnownMigration& one : migrations) {
    const std::string_view name = std::string_view(one.name).substr(0, one.name.size() - timestamp_digits);
    if (wanted.empty() || letters_of(name) != wanted) continue;
    if (found != nullptr) return nullptr;
    found = &one;
  }
  return found;
}

}  // namespace

void KnownMigration::use(const std::function<void(Migration& migration)>& function) const {
  struct Context {
    const std::function<void(Migration& migration)>& function;
    bool is_made = false;
  } context{function};
  with_instance(
      [](Migration& migration, void* given) {
        auto& its_context = *static_cast<Context*>(given);
        its_context.is_made = true;
        its_context.function(migration);
      },
      &context);
  if (!context.is_made) {
    throw Error(ErrorKind::migration, "The migration " + name + " was not instantiated.").with_migration(name);
  }
}

std::int64_t timestamp_of(std::string_view name) {
  if (name.size() < timestamp_digits) return 0;
  const std::string_view digits = name.substr(name.size() - timestamp_digits);
  return are_digits(digits) ? number(digits) : 0;
}

MigrationList list_for(const MigrationList& list, std::string_view database) {
  if (list.databases == nullptr) return list;
  std::string others;
  for (std::size_t i = 0; i < list.database_count; ++i) {
    const DatabaseMigrations& one = list.databases[i];
    if (one.database == database) return one.migrations;
    others += (others.empty() ? "" : ", ") + std::string(one.database);
  }
  throw Error(ErrorKind::usage, "The program has no migrations for the database \"" + std::string(database) +
                                    "\", only for: " + others + '.')
      .with_remedy("Add " + std::string(database) +
                   " to the DATABASES of whimbrel_add_migrations() in CMakeLists.txt, or use the URL of a database "
                   "that has migrations.");
}

std::vector<KnownMigration> read_list(const MigrationList& list) {
  std::vector<KnownMigration> migrations;
  migrations.reserve(list.size);
  for (std::size_t i = 0; i < list.size; ++i) migrations.push_back(read_entry(list.entries[i]));
  std::sort(migrations.begin(), migrations.end(), [](const KnownMigration& a, const KnownMigration& b) {
    return a.timestamp != b.timestamp ? a.timestamp < b.timestamp : a.name < b.name;
  });
  refuse_duplicates(migrations);
  return migrations;
}

const KnownMigration* find(const std::vector<KnownMigration>& migrations, std::string_view what) {
  const auto find_if = [&](auto is_it) -> const KnownMigration* {
    const auto found = std::find_if(migrations.begin(), migrations.end(), is_it);
    return found == migrations.end() ? nullptr : &*found;
  };
  if (const KnownMigration* named = find_if([&](const KnownMigration& one) { return one.name == what; })) return named;
  const std::string_view digits = what.substr(0, timestamp_digits);
  const bool is_file_name =
      what.size() == timestamp_digits || (what.size() > timestamp_digits && what[timestamp_digits] == '-');
  if (!is_file_name || !are_digits(digits)) return find_by_short_name(migrations, what);
  return find_if([&](const KnownMigration& one) { return one.timestamp == number(digits); });
}

}  // namespace whimbrel::session

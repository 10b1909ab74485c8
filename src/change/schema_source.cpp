#include "change/schema_source.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "change/compare.h"
#include "session/url.h"
#include "sql/characters.h"

namespace whimbrel::change {

namespace {

const dialect::InspectScope whole_database{{}, true};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    throw Error(ErrorKind::file, "Cannot read " + path + ": " + std::generic_category().message(errno) + '.')
        .with_remedy("Check the path; it is relative to the working directory.");
  }
  if (text.starts_with(sql::byte_order_mark)) text.erase(0, sql::byte_order_mark.size());
  return text;
}

SchemaSource read(const Driver& driver, std::unique_ptr<dialect::Connection> connection, std::string scratch_url,
                  bool with_privileges) {
  SchemaSource source;
  source.driver = &driver;
  source.scratch_url = std::move(scratch_url);
  source.dialect = driver.make_dialect(connection->server());
  if (with_privileges && source.dialect->has(model::Feature::privileges)) {
    dialect::OwnedSchema owned = source.dialect->inspect_owned(*connection, whole_database);
    source.schema = std::move(owned.schema);
    source.privileges = std::move(owned.privileges);
  } else {
    source.schema = source.dialect->inspect(*connection, whole_database);
  }
  source.unsupported_objects = source.dialect->unsupported_objects(*connection, whole_database);
  source.connection = std::move(connection);
  return source;
}

/// Keeps the parts of the source that are in one of the schemas, and removes non-empty schemas from `empty`.
class Keeper {
 public:
  Keeper(const SchemaSource& source, const std::vector<std::string>& names, std::vector<std::string>& empty)
      : dialect_(*source.dialect),
        default_schema_(dialect_.default_schema(*source.connection)),
        names_(names),
        empty_(empty) {
    // The schema exists, even if it is empty.
    note_not_empty(default_schema_);
  }

  bool keeps(const model::Name& name) {
    const std::string& schema = name.schema.empty() ? default_schema_ : name.schema;
    note_not_empty(schema);
    return std::any_of(names_.begin(), names_.end(), [&](const std::string& one) { return same(one, schema); });
  }

 private:
  [[nodiscard]] bool same(const std::string& a, const std::string& b) const {
    return dialect_.same_name(model::NameKind::schema, a, b);
  }
  void note_not_empty(const std::string& schema) {
    std::erase_if(empty_, [&](const std::string& one) { return same(one, schema); });
  }

  const dialect::Dialect& dialect_;
  std::string default_schema_;
  const std::vector<std::string>& names_;
  std::vector<std::string>& empty_;
};

diff::Difference difference_between(const dialect::Dialect& dialect, dialect::Connection& connection,
                                    const model::Schema& from, const model::Schema& to, const diff::Answers& answers) {
  diff::Ownership all;
  all.everything = true;
  return diff::diff(from, to, *dialect.comparison(connection), answers, all);
}

}  // namespace

SchemaSource read_database(const Drivers& drivers, const std::string& url, bool with_privileges) {
  const Driver& driver = session::find_driver(drivers, url);
  dialect::ConnectionOptions options;
  options.url = url;
  options.read_only = true;
  options.must_exist = true;
  return read(driver, driver.open(options), url, with_privileges);
}

namespace {

/// The role that loaded a file owns the objects, and default privileges of others were left out.
void forget_owners(model::Privileges& privileges) {
  for (model::OwnedObject& object : privileges.objects) {
    if (object.owner == privileges.reader) object.owner.clear();
  }
  privileges.defaults.reset();
}

}  // namespace

SchemaSource read_script(const Driver& driver, const std::string& scratch_url, const std::string& path,
                         dialect::ScriptContent content) {
  const std::string script = read_file(path);
  dialect::ConnectionOptions options;
  options.url = scratch_url;
  options.confined = true;
  std::unique_ptr<dialect::Connection> scratch = driver.open_scratch(options);
  try {
    driver.make_dialect(scratch->server())->load_script(*scratch, script, content);
  } catch (const Error& error) {
    // The message begins with the line number.
    throw Error(error.kind(), "The file " + path + " cannot be loaded. " + error.what())
        .with_remedy(error.remedy().empty()
                         ? "The file must create its schema in an empty database, using SQL only (no shell commands)."
                         : error.remedy())
        .with_statement(error.statement(), error.statement_offset())
        .with_native_code(error.native_code());
  }
  const bool with_privileges = content == dialect::ScriptContent::schema_and_privileges;
  SchemaSource source = read(driver, std::move(scratch), scratch_url, with_privileges);
  if (source.privileges) forget_owners(*source.privileges);
  source.has_owners = false;
  return source;
}

namespace {

/// A partition is dropped with its table, even if it is not compared.
void name_at_parents(model::Schema& schema, const model::Table& part) {
  for (const model::Name& parent : part.inherits) {
    model::Table* const whole = schema.find_table(parent);
    if (whole == nullptr) continue;
    std::string& parts = whole->parts_elsewhere.value;
    parts += (parts.empty() ? "" : ", ") + to_string(part.name);
  }
}

/// Default privileges that apply in all schemas are in none.
void keep_privileges(model::Privileges& privileges, Keeper& keeper) {
  std::erase_if(privileges.objects, [&](const model::OwnedObject& object) { return !keeper.keeps(object.name); });
  if (!privileges.defaults) return;
  std::erase_if(*privileges.defaults, [&](const model::DefaultPrivileges& defaults) {
    return !defaults.schema || !keeper.keeps({*defaults.schema, {}});
  });
}

}  // namespace

void keep_schemas(const std::vector<SchemaSource*>& sources, const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::vector<std::string> empty = names;
  for (SchemaSource* source : sources) {
    Keeper keeper(*source, names, empty);
    const auto is_elsewhere = [&](const auto& item) { return !keeper.keeps(item.name); };
    for (const model::Table& table : source->schema.tables) {
      if (is_elsewhere(table)) name_at_parents(source->schema, table);
    }
    std::erase_if(source->schema.tables, is_elsewhere);
    std::erase_if(source->schema.views, is_elsewhere);
    std::erase_if(source->schema.enums, is_elsewhere);
    std::erase_if(source->schema.objects, is_elsewhere);
    std::erase_if(source->schema.schemas, [&](const std::string& schema) { return !keeper.keeps({schema, {}}); });
    if (source->privileges) keep_privileges(*source->privileges, keeper);
  }
  if (empty.empty()) return;
  throw Error(ErrorKind::usage, "Schema \"" + empty.front() + "\" does not exist or is empty.")
      .with_remedy("Check the name passed to --schema. The default schema is \"" +
                   sources.front()->dialect->default_schema(*sources.front()->connection) + "\".");
}

namespace {

/// The names of the default schema stand for the same tables only if it is the same schema.
void require_same_default(const SchemaSource& from, const SchemaSource& to) {
  const std::string one = from.dialect->default_schema(*from.connection);
  const std::string other = to.dialect->default_schema(*to.connection);
  const auto has = [](const SchemaSource& source, const std::string& name) {
    const std::vector<std::string>& names = source.schema.schemas;
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (one == other || (!has(from, other) && !has(to, one))) return;
  throw Error(ErrorKind::usage, "The default schemas of the two sides differ: \"" + one + "\" of the first, and \"" +
                                    other + "\" of the second. Tables with the same name would be confused, " +
                                    "and others would be dropped.")
      .with_remedy(from.dialect->way_to_same_default_schema(one, other) + " Or compare only other schemas (--schema).");
}

}  // namespace

SchemaChange compare_whole(const SchemaSource& from, const SchemaSource& to, const diff::Answers& answers) {
  if (from.driver != to.driver) {
    throw Error(ErrorKind::usage, "The two schemas belong to different database systems and cannot be compared.")
        .with_remedy("Compare databases of the same database system.");
  }
  require_same_default(from, to);
  const dialect::Dialect& dialect = *from.dialect;
  std::optional<model::Schema> owned;
  if (!from.has_owners || !to.has_owners) dialect.take_owners(owned.emplace(to.schema), from.schema);
  const model::Schema& wanted = owned ? *owned : to.schema;
  diff::Difference difference = difference_between(dialect, *from.connection, from.schema, wanted, answers);
  // The target database must support the source schema, because the reverse script leads back to it.
  if (!difference.empty()) {
    static_cast<void>(dialect.rewriter(*to.connection)->rewrite({}, to.schema, from.schema));
  }
  SchemaChange change = make_script(dialect, *from.connection, from.schema, std::move(difference));
  std::vector<std::string> notes =
      dialect.notes_on_settings(from.connection->server(), to.connection->server(), to.schema);
  std::move(notes.begin(), notes.end(), std::back_inserter(change.notes));
  return change;
}

dialect::PrivilegeChange compare_privileges(const SchemaSource& from, const SchemaSource& to,
                                            const SchemaChange& change) {
  if (!from.privileges || !to.privileges) return {};
  std::vector<operation::Operation> operations;
  for (const ScriptPart& part : change.parts) {
    operations.insert(operations.end(), part.plan.up.begin(), part.plan.up.end());
  }
  return from.dialect->change_privileges(*from.privileges, *to.privileges, operations);
}

SchemaChange create_whole(const SchemaSource& source, const std::vector<std::string>& existing) {
  const dialect::Dialect& dialect = *source.dialect;
  model::Schema start;
  start.schemas = existing;
  return make_script(dialect, *source.connection, start,
                     difference_between(dialect, *source.connection, start, source.schema, {}));
}

}  // namespace whimbrel::change

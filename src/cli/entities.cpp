#include <filesystem>

#include "change/schema_source.h"
#include "cli/commands.h"
#include "history/journal.h"
#include "write/entity_headers.h"
#include "write/identifier.h"
#include "write/new_file.h"

namespace whimbrel::cli {

namespace {

namespace fs = std::filesystem;

void require_namespace(const std::string& name) {
  if (name.empty() || write::is_namespace(name)) return;
  throw Error(ErrorKind::usage, '"' + name + "\" is not a valid C++ namespace.")
      .with_remedy("Use identifiers, with :: between them: shop::model.");
}

/// The history and its journal belong to whimbrel.
void remove_own_tables(model::Schema& schema, const dialect::Dialect& dialect, const std::string& history_table) {
  for (const std::string& own : history::own_tables(dialect, history_table)) {
    std::erase_if(schema.tables, [&](const model::Table& table) {
      return dialect.same_name(model::NameKind::table, table.name.name, own);
    });
  }
}

/// Writes all files or none.
std::vector<std::string> write_files(const std::string& directory, const write::EntityHeaders& headers) {
  write::NewDirectory place(directory);
  write::NewFiles files;
  std::vector<std::string> paths;
  for (const write::EntityHeader& header : headers.files) {
    const fs::path path = fs::path(directory) / header.file;
    files.write(path, header.text);
    paths.push_back(path.string());
  }
  files.keep();
  place.keep();
  return paths;
}

}  // namespace

ExitCode execute(const SchemaContext& context, const WriteEntities& arguments) {
  require_namespace(arguments.name_space);
  const DataSourceOptions& options = context.options;
  change::SchemaSource source = change::read_database(options.drivers, options.url);
  const dialect::Dialect& dialect = *source.dialect;
  remove_own_tables(source.schema, dialect, options.migrations_table);
  std::vector<std::string> not_described = source.unsupported_objects;
  for (const model::Object& object : source.schema.objects) {
    const bool is_like_table = !object.columns.value.empty() || !object.rows.value.empty();
    if (is_like_table) not_described.push_back(object.kind + " \"" + to_string(object.name) + '"');
  }
  const NamingStrategy& naming = options.naming == nullptr ? typeorm_naming() : *options.naming;
  const auto enum_type = [&](const std::string& table, const std::string& column) {
    return naming.enum_type(table, column);
  };
  write::EntityHeaders headers =
      write::entity_headers(model::canonical(std::move(source.schema)), dialect, enum_type, arguments.name_space);
  for (const std::string& object : not_described) headers.not_described.push_back(object + " is not described");
  const std::vector<std::string> paths = write_files(arguments.directory, headers);
  const Console& console = context.console;
  for (const std::string& path : paths) console.line("Wrote " + short_path(path));
  for (const std::string& what : headers.not_described) console.note(what);
  if (!console.json) return done;
  std::vector<std::string> classes;
  for (const write::EntityHeader& header : headers.files) {
    if (!header.class_name.empty()) classes.push_back(header.class_name);
  }
  console.document(Json::Object{{"files", paths}, {"classes", classes}, {"not_described", headers.not_described}});
  return done;
}

}  // namespace whimbrel::cli

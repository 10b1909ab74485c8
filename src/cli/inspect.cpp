#include "cli/commands.h"
#include "cli/schema_json.h"
#include "cli/schema_text.h"
#include "run/schema_source.h"

namespace whimbrel::cli {

namespace {

void show_document(const Console& console, const run::SchemaSource& source) {
  Json document = schema_document(source.schema);
  Json::Object members = std::get<Json::Object>(document.variant());
  members.emplace_back("not_modelled", source.not_modelled);
  console.document(members);
}

}  // namespace

ExitCode execute(const SchemaContext& context, const Inspect& arguments) {
  const Console& console = context.console;
  run::SchemaSource source = run::read_database(context.options.drivers, context.options.url);
  run::keep_schemas({&source}, arguments.schemas);
  source.schema = model::canonical(std::move(source.schema));
  if (console.json || arguments.format == Format::json) {
    show_document(console, source);
  } else if (arguments.format == Format::sql) {
    console.out << script_text(texts(run::create_whole(source).script.up)) << std::flush;
  } else {
    console.out << schema_text(source.schema, console.style) << std::flush;
  }
  for (const std::string& object : source.not_modelled) console.note(object + " is not shown");
  return done;
}

}  // namespace whimbrel::cli

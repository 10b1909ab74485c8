#include "change/schema_source.h"
#include "cli/commands.h"
#include "cli/schema_json.h"
#include "cli/schema_text.h"

namespace whimbrel::cli {

namespace {

/// Returns the canonical schema, but with views and objects in creation order.
model::Schema in_order_of_making(model::Schema schema) {
  model::Schema ordered = model::canonical(schema);
  ordered.views = std::move(schema.views);
  ordered.objects = std::move(schema.objects);
  return ordered;
}

void show_script(const Console& console, change::SchemaSource& source) {
  source.schema = in_order_of_making(std::move(source.schema));
  const sql::ShellScript listing = source.dialect->as_listing(change::create_whole(source).script.up);
  console.source(script_text(texts(listing.statements), source.dialect->syntax()));
  for (const std::string& remark : listing.remarks) console.note(remark);
}

void show_document(const Console& console, const change::SchemaSource& source) {
  Json document = schema_document(model::canonical(source.schema));
  Json::Object members = std::get<Json::Object>(document.variant());
  members.emplace_back("unsupported_objects", source.unsupported_objects);
  console.document(members);
}

}  // namespace

ExitCode execute(const SchemaContext& context, const Inspect& arguments) {
  const Console& console = context.console;
  change::SchemaSource source = change::read_database(context.options.drivers, context.options.url);
  change::keep_schemas({&source}, arguments.schemas);
  if (console.json || arguments.format == Format::json) {
    show_document(console, source);
  } else if (arguments.format == Format::sql) {
    show_script(console, source);
  } else {
    console.text(schema_text(model::canonical(source.schema), console.style));
  }
  for (const std::string& object : source.unsupported_objects) console.note(object + " is not shown");
  return done;
}

}  // namespace whimbrel::cli

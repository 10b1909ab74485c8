#include "cli/schema_json.h"

#include "dialect/ansi.h"
#include "operation/consequences.h"
#include "operation/describe.h"
#include "sql/lexer.h"

namespace whimbrel::cli {

namespace {

using namespace operation;

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }
Json text_or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

template <class T, class Function>
Json list_of(const std::vector<T>& items, Function function) {
  Json::List list;
  for (const T& item : items) list.push_back(function(item));
  return list;
}

std::string words(model::ReferentialAction action) { return sql::to_lower(dialect::ansi::action_sql(action)); }

const char* words(model::Deferral deferral) {
  switch (deferral) {
    case model::Deferral::not_deferrable:
      return "not deferrable";
    case model::Deferral::initially_immediate:
      return "initially immediate";
    case model::Deferral::initially_deferred:
      return "initially deferred";
  }
  return "not deferrable";
}

Json document(const model::Column& column) {
  Json::Object members = {{"name", column.name}, {"type", to_string(column.type)}, {"nullable", column.nullable}};
  members.emplace_back("default", text_or_null(column.default_expression));
  members.emplace_back("auto_increment", column.auto_increment);
  if (!column.enum_values.empty()) members.emplace_back("values", column.enum_values);
  if (column.computed) {
    members.emplace_back("computed", column.computed->expression);
    members.emplace_back("stored", column.computed->stored);
  }
  if (!column.collation.empty()) members.emplace_back("collation", column.collation);
  if (!column.charset.empty()) members.emplace_back("charset", column.charset);
  if (!column.comment.empty()) members.emplace_back("comment", column.comment);
  if (!column.on_update.empty()) members.emplace_back("on_update", column.on_update);
  if (!column.enum_name.empty()) members.emplace_back("enum_name", column.enum_name);
  if (column.identity) members.emplace_back("identity", column.identity_always ? "always" : "by default");
  if (!column.sequence_options.empty()) members.emplace_back("sequence", column.sequence_options);
  if (!column.not_null_on_conflict.empty()) members.emplace_back("not_null_on_conflict", column.not_null_on_conflict);
  return members;
}

Json document(const model::KeyPart& part) {
  Json::Object members;
  if (part.column.empty()) {
    members.emplace_back("expression", part.expression);
  } else {
    members.emplace_back("column", part.column);
  }
  if (!part.collation.empty()) members.emplace_back("collation", part.collation);
  members.emplace_back("descending", part.descending);
  if (part.nulls != model::NullOrder::by_default) {
    members.emplace_back("nulls", part.nulls == model::NullOrder::first ? "first" : "last");
  }
  if (!part.operator_class.empty()) members.emplace_back("operator_class", part.operator_class);
  if (part.length) members.emplace_back("length", static_cast<std::int64_t>(*part.length));
  return members;
}

Json parts(const std::vector<model::KeyPart>& key) {
  return list_of(key, [](const model::KeyPart& part) { return document(part); });
}

/// A primary key or a unique constraint.
template <class Key>
Json key_document(const Key& key) {
  Json::Object members = {{"name", text_or_null(key.name.text)}, {"columns", parts(key.columns)}};
  if (!key.on_conflict.empty()) members.emplace_back("on_conflict", key.on_conflict);
  if (!key.included.empty()) members.emplace_back("included", key.included);
  if (key.deferral != model::Deferral::not_deferrable) members.emplace_back("deferral", words(key.deferral));
  return members;
}

Json document(const model::PrimaryKey& key) { return key_document(key); }

Json document(const model::Unique& unique) {
  auto members = std::get<Json::Object>(key_document(unique).variant());
  if (unique.nulls_not_distinct) members.emplace_back("nulls_not_distinct", true);
  return members;
}

Json document(const model::Exclusion& exclusion) {
  return Json::Object{{"name", text_or_null(exclusion.name.text)},
                      {"definition", exclusion.definition},
                      {"deferral", words(exclusion.deferral)}};
}

Json document(const model::Check& check) {
  Json::Object members = {{"name", text_or_null(check.name.text)}, {"expression", check.expression}};
  if (check.not_valid) members.emplace_back("not_valid", true);
  if (check.no_inherit) members.emplace_back("no_inherit", true);
  return members;
}

Json document(const model::ForeignKey& key) {
  Json::Object members = {{"name", text_or_null(key.name.text)},
                          {"columns", key.columns},
                          {"referenced_table", to_string(key.referenced_table)},
                          {"referenced_columns", key.referenced_columns},
                          {"on_delete", words(key.on_delete)},
                          {"on_update", words(key.on_update)},
                          {"deferral", words(key.deferral)}};
  if (!key.match.empty()) members.emplace_back("match", key.match);
  if (!key.set_columns.empty()) members.emplace_back("set_columns", key.set_columns);
  if (key.not_valid) members.emplace_back("not_valid", true);
  return members;
}

Json document(const model::Index& index) {
  Json::Object members = {{"name", text_or_null(index.name.text)},
                          {"columns", parts(index.columns)},
                          {"unique", index.unique},
                          {"where", text_or_null(index.where)}};
  if (!index.method.empty()) members.emplace_back("method", index.method);
  if (!index.parser.empty()) members.emplace_back("parser", index.parser);
  if (!index.included.empty()) members.emplace_back("included", index.included);
  if (index.nulls_not_distinct) members.emplace_back("nulls_not_distinct", true);
  if (!index.storage_parameters.empty()) members.emplace_back("storage_parameters", index.storage_parameters);
  if (index.invalid) members.emplace_back("invalid", true);
  return members;
}

Json document(const model::Trigger& trigger) {
  return Json::Object{{"name", trigger.name}, {"definition", trigger.definition}};
}

Json document(const model::View& view) {
  Json::Object members = {
      {"name", to_string(view.name)}, {"materialized", view.materialized}, {"definition", view.definition}};
  members.emplace_back("triggers", list_of(view.triggers, [](const auto& trigger) { return document(trigger); }));
  if (!view.indexes.empty()) {
    members.emplace_back("indexes", list_of(view.indexes, [](const auto& index) { return document(index); }));
  }
  if (!view.comment.empty()) members.emplace_back("comment", view.comment);
  return members;
}

Json document(const model::Enum& type) { return Json::Object{{"name", to_string(type.name)}, {"values", type.values}}; }

Json document(const model::Object& object) {
  return Json::Object{{"kind", object.kind}, {"name", to_string(object.name)}, {"definition", object.definition}};
}

Json document(const std::map<std::string, std::string>& options) {
  Json::Object members;
  for (const auto& [name, value] : options) members.emplace_back(name, value);
  return members;
}

Json document(const model::Table& table) {
  const auto all = [](const auto& items) { return list_of(items, [](const auto& item) { return document(item); }); };
  Json::Object members = {{"name", to_string(table.name)}, {"columns", all(table.columns)}};
  members.emplace_back("primary_key", table.primary_key ? document(*table.primary_key) : Json());
  members.emplace_back("uniques", all(table.uniques));
  members.emplace_back("checks", all(table.checks));
  members.emplace_back("exclusions", all(table.exclusions));
  members.emplace_back("foreign_keys", all(table.foreign_keys));
  members.emplace_back("indexes", all(table.indexes));
  members.emplace_back("triggers", all(table.triggers));
  members.emplace_back("options", document(table.options));
  members.emplace_back("comment", text_or_null(table.comment));
  return members;
}

Json options_document(const std::map<std::string, std::string>& options, const std::string& comment) {
  return Json::Object{{"options", document(options)}, {"comment", text_or_null(comment)}};
}

struct Change {
  const char* kind;
  Json before;
  Json after;
};

Json key_or_null(const std::optional<model::PrimaryKey>& key) { return key ? document(*key) : Json(); }

Change change(const Operation& operation) {
  return std::visit(Visitor{
                        [](const CreateSchema& op) -> Change {
                          return {"create_schema", {}, op.schema};
                        },
                        [](const operation::DropSchema& op) -> Change {
                          return {"drop_schema", op.schema, {}};
                        },
                        [](const CreateEnum& op) -> Change {
                          return {"create_enum", {}, document(op.type)};
                        },
                        [](const DropEnum& op) -> Change {
                          return {"drop_enum", document(op.type), {}};
                        },
                        [](const AlterEnum& op) -> Change {
                          return {"alter_enum", document(op.before), document(op.after)};
                        },
                        [](const RenameEnumValue& op) -> Change {
                          return {"rename_enum_value", op.from, op.to};
                        },
                        [](const CreateObject& op) -> Change {
                          return {"create_object", {}, document(op.object)};
                        },
                        [](const DropObject& op) -> Change {
                          return {"drop_object", document(op.object), {}};
                        },
                        [](const AlterObject& op) -> Change {
                          return {"alter_object", document(op.before), document(op.after)};
                        },
                        [](const RenameConstraint& op) -> Change {
                          return {"rename_constraint", op.from, op.to};
                        },
                        [](const CreateTable& op) -> Change {
                          return {"create_table", {}, document(op.table)};
                        },
                        [](const DropTable& op) -> Change {
                          return {"drop_table", document(op.table), {}};
                        },
                        [](const RenameTable& op) -> Change {
                          return {"rename_table", to_string(op.from), to_string(op.to)};
                        },
                        [](const AlterTable& op) -> Change {
                          return {"alter_table", options_document(op.options_before, op.comment_before),
                                  options_document(op.options_after, op.comment_after)};
                        },
                        [](const AddColumn& op) -> Change {
                          return {"add_column", {}, document(op.column)};
                        },
                        [](const DropColumn& op) -> Change {
                          return {"drop_column", document(op.column), {}};
                        },
                        [](const RenameColumn& op) -> Change {
                          return {"rename_column", op.from, op.to};
                        },
                        [](const AlterColumn& op) -> Change {
                          return {"alter_column", document(op.before), document(op.after)};
                        },
                        [](const AlterPrimaryKey& op) -> Change {
                          return {"alter_primary_key", key_or_null(op.before), key_or_null(op.after)};
                        },
                        [](const AddUnique& op) -> Change {
                          return {"add_unique", {}, document(op.unique)};
                        },
                        [](const DropUnique& op) -> Change {
                          return {"drop_unique", document(op.unique), {}};
                        },
                        [](const AddCheck& op) -> Change {
                          return {"add_check", {}, document(op.check)};
                        },
                        [](const DropCheck& op) -> Change {
                          return {"drop_check", document(op.check), {}};
                        },
                        [](const AddExclusion& op) -> Change {
                          return {"add_exclusion", {}, document(op.exclusion)};
                        },
                        [](const DropExclusion& op) -> Change {
                          return {"drop_exclusion", document(op.exclusion), {}};
                        },
                        [](const AddForeignKey& op) -> Change {
                          return {"add_foreign_key", {}, document(op.foreign_key)};
                        },
                        [](const DropForeignKey& op) -> Change {
                          return {"drop_foreign_key", document(op.foreign_key), {}};
                        },
                        [](const CreateIndex& op) -> Change {
                          return {"create_index", {}, document(op.index)};
                        },
                        [](const DropIndex& op) -> Change {
                          return {"drop_index", document(op.index), {}};
                        },
                        [](const CreateTrigger& op) -> Change {
                          return {"create_trigger", {}, document(op.trigger)};
                        },
                        [](const DropTrigger& op) -> Change {
                          return {"drop_trigger", document(op.trigger), {}};
                        },
                        [](const CreateView& op) -> Change {
                          return {"create_view", {}, document(op.view)};
                        },
                        [](const DropView& op) -> Change {
                          return {"drop_view", document(op.view), {}};
                        },
                        [](const AlterView& op) -> Change {
                          return {"alter_view", document(op.before), document(op.after)};
                        },
                        [](const RebuildTable& op) -> Change {
                          return {"rebuild_table", document(op.before), document(op.after)};
                        },
                    },
                    operation);
}

}  // namespace

Json schema_document(const model::Schema& schema) {
  const auto all = [](const auto& items) { return list_of(items, [](const auto& item) { return document(item); }); };
  Json::Object members = {{"tables", all(schema.tables)}, {"views", all(schema.views)}};
  if (!schema.schemas.empty()) members.emplace_back("schemas", schema.schemas);
  if (!schema.enums.empty()) members.emplace_back("enums", all(schema.enums));
  if (!schema.objects.empty()) members.emplace_back("objects", all(schema.objects));
  return members;
}

Json change_document(const Operation& operation) {
  Change made = change(operation);
  return Json::Object{{"kind", made.kind},
                      {"object", to_string(target_name(operation))},
                      {"description", describe(operation)},
                      {"loss", text_or_null(data_loss(operation))},
                      {"before", std::move(made.before)},
                      {"after", std::move(made.after)}};
}

}  // namespace whimbrel::cli

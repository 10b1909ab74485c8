#include "entity/builder.h"

#include <algorithm>

#include "whimbrel/error.h"

namespace whimbrel::entity {

void fail(const std::string& entity, const std::string& member, const std::string& reason, const std::string& remedy) {
  std::string place = "entity \"" + unqualified(entity) + '"';
  if (!member.empty()) place += ", member \"" + member + '"';
  throw DescriptionError(place, reason, remedy);
}

void add(detail::EntityBuilder& builder, ColumnDescription column) {
  ColumnDescription* described = builder.find(column.member);
  if (!described) {
    builder.columns.push_back(std::move(column));
    return;
  }
  if (column.is_implied) return;
  if (!described->is_implied) {
    fail(builder.entity, column.member.name, "the member is described as a column twice",
         "Keep one of the two descriptions.");
  }
  *described = std::move(column);
}

}  // namespace whimbrel::entity

namespace whimbrel::detail {

using namespace whimbrel::entity;

namespace {

std::string plain(Text text) { return {text.data(), text.size()}; }

ColumnDescription describe_column(const EntityBuilder& builder, const char* signature, const MemberType& type,
                                  ColumnRole role, const ColumnOptions& options) {
  ColumnDescription column;
  column.member = member_name(signature);
  column.type = type;
  column.role = role;
  const auto copy = [&](Text text, const char* what) { return builder.copy(text, column.member.name, what); };
  column.name = copy(options.name, "name");
  column.type_text = copy(options.type, "type");
  column.default_text = plain(options.default_value.text);
  column.default_expression = copy(options.default_expression, "default_expression");
  column.comment = plain(options.comment);
  column.renamed_from = copy(options.renamed_from, "renamed_from");
  column.collation = copy(options.collation, "collation");
  column.computed = copy(options.computed, "computed");
  column.primary_key_name = copy(options.primary_key_name, "primary_key_name");
  column.charset = copy(options.charset, "charset");
  column.on_update = copy(options.on_update, "on_update");
  column.enum_name = copy(options.enum_name, "enum_name");
  column.options = options;
  const bool is_uuid_key = role == ColumnRole::primary_generated && type.kind == MemberKind::text &&
                           options.generated == Generation::by_default;
  if (is_uuid_key) column.options.generated = Generation::uuid;
  if (column.options.generated == Generation::uuid) {
    if (type.kind != MemberKind::text) {
      fail(builder.entity, column.member.name, "a generated UUID needs a std::string member",
           "Make the member a std::string.");
    }
    column.type.kind = MemberKind::uuid;
  }
  return column;
}

}  // namespace

std::string EntityBuilder::copy(Text text, const std::string& member, const char* what) const {
  std::string result = plain(text);
  const bool is_given = text.first_character != nullptr;
  if (is_given && result.find_first_not_of(" \t\r\n") == std::string::npos) {
    fail(entity, member, std::string("an empty string is set as ") + what, "Remove it, or set a value.");
  }
  if (result.find('\0') != std::string::npos) {
    fail(entity, member, std::string("the text set as ") + what + " contains a NUL byte",
         "Remove it: SQL cannot contain it.");
  }
  return result;
}

Texts EntityBuilder::copy(const Text (&texts)[max_key_columns], const std::string& member, const char* what) const {
  Texts result;
  for (const Text text : texts) {
    if (text.first_character == nullptr) break;
    result.push_back(copy(text, member, what));
  }
  return result;
}

bool EntityBuilder::is(const std::string& type) const {
  return entity == type || std::find(child_types.begin(), child_types.end(), type) != child_types.end();
}

ColumnDescription* EntityBuilder::find(const MemberName& member) {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const ColumnDescription& column) { return column.member == member; });
  return found == columns.end() ? nullptr : &*found;
}

const ColumnDescription* EntityBuilder::find(const MemberName& member) const {
  return const_cast<EntityBuilder*>(this)->find(member);
}

void set_table(EntityBuilder& builder, const TableOptions& options) {
  if (builder.has_table) fail(builder.entity, "", "table() is called twice", "Set all options in one call.");
  builder.has_table = true;
  const auto copy = [&](Text text, const char* what) { return builder.copy(text, "", what); };
  TableDescription& table = builder.table;
  table.name = copy(options.name, "the table's name");
  table.comment = plain(options.comment);
  table.renamed_from = copy(options.renamed_from, "renamed_from");
  table.schema = copy(options.schema, "the table's schema");
  table.engine = copy(options.engine, "the table's engine");
  table.storage_parameters = copy(options.storage_parameters, "the table's storage_parameters");
  table.charset = copy(options.charset, "the table's charset");
  table.collation = copy(options.collation, "the table's collation");
  table.strict = options.strict;
  table.without_rowid = options.without_rowid;
  table.primary_key = options.primary_key;
  table.synchronize = options.synchronize;
}

void add_column(EntityBuilder& builder, const char* signature, const MemberType& type, ColumnRole role) {
  add_column(builder, signature, type, role, {});
}

void add_column(EntityBuilder& builder, const char* signature, const MemberType& type, ColumnRole role,
                const ColumnOptions& options) {
  add(builder, describe_column(builder, signature, type, role, options));
}

void add_unique(EntityBuilder& builder, const char* signature, const UniqueOptions& options) {
  builder.uniques.push_back(
      {builder.copy(options.name, "", "a unique constraint's name"), member_names(signature), options});
}

void add_index(EntityBuilder& builder, const char* signature, const IndexOptions& options) {
  add_index(builder, {}, options);
  for (MemberName& member : member_names(signature)) builder.indexes.back().parts.emplace_back().member = member;
}

void add_index(EntityBuilder& builder, std::initializer_list<IndexPart> parts, const IndexOptions& options) {
  IndexDescription index;
  index.name = builder.copy(options.name, "", "an index's name");
  index.where = builder.copy(options.where, "", "an index's where");
  index.method = builder.copy(options.method, "", "an index's method");
  index.parser = builder.copy(options.parser, "", "an index's parser");
  index.options = options;
  for (const IndexPart& part : parts) {
    const MemberName member = part.member ? member_path(part.member) : MemberName{};
    if (part.included) {
      index.included.push_back(member);
      continue;
    }
    index.parts.push_back({member, builder.copy(part.expression, "", "an index's expression"),
                           builder.copy(part.collation, member.name, "collation"),
                           builder.copy(part.operator_class, member.name, "operator_class"), part.descending,
                           part.nulls, part.length});
  }
  builder.indexes.push_back(std::move(index));
}

void add_check(EntityBuilder& builder, Text expression, const CheckOptions& options) {
  builder.checks.push_back({builder.copy(options.name, "", "a check constraint's name"),
                            builder.copy(expression, "", "a check constraint's expression")});
}

void add_exclusion(EntityBuilder& builder, Text definition, const ExclusionOptions& options) {
  builder.exclusions.push_back({builder.copy(options.name, "", "an exclusion constraint's name"),
                                builder.copy(definition, "", "an exclusion constraint's definition"), options});
}

}  // namespace whimbrel::detail

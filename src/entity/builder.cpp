#include "entity/builder.h"

#include <algorithm>

#include "whimbrel/error.h"

namespace whimbrel::entity {

void fail(const std::string& entity, const std::string& member, const std::string& reason, const std::string& remedy) {
  std::string place = "entity \"" + unqualified(entity) + '"';
  if (!member.empty()) place += ", member \"" + member + '"';
  throw Error(ErrorKind::entity, place + ": " + reason).with_remedy(remedy);
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
  if (column.name.empty()) column.name = column.member.name;
  column.type_text = copy(options.type, "type");
  column.default_text = plain(options.default_value.text);
  column.default_expression = copy(options.default_expression, "default_expression");
  column.comment = plain(options.comment);
  column.renamed_from = copy(options.renamed_from, "renamed_from");
  column.collation = copy(options.collation, "collation");
  column.options = options;
  return column;
}

}  // namespace

std::string EntityBuilder::copy(Text text, const std::string& member, const char* what) const {
  std::string result = plain(text);
  const bool is_given = text.first_character != nullptr;
  if (is_given && result.find_first_not_of(" \t\r\n") == std::string::npos) {
    fail(entity, member, std::string("an empty text is given as ") + what, "Leave it out, or say something.");
  }
  if (result.find('\0') != std::string::npos) {
    fail(entity, member, std::string("the text given as ") + what + " has a character 0 in it",
         "No SQL can hold it: take it out.");
  }
  return result;
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
  if (builder.has_table) fail(builder.entity, "", "table() is called twice", "Give all its options at once.");
  builder.has_table = true;
  builder.table = {builder.copy(options.name, "", "the table's name"), plain(options.comment),
                   builder.copy(options.renamed_from, "", "renamed_from"), options.strict, options.without_rowid};
}

void add_column(EntityBuilder& builder, const char* signature, const MemberType& type, ColumnRole role) {
  add_column(builder, signature, type, role, {});
}

void add_column(EntityBuilder& builder, const char* signature, const MemberType& type, ColumnRole role,
                const ColumnOptions& options) {
  ColumnDescription column = describe_column(builder, signature, type, role, options);
  ColumnDescription* described = builder.find(column.member);
  if (!described) {
    builder.columns.push_back(std::move(column));
    return;
  }
  if (!described->is_implied) {
    fail(builder.entity, column.member.name, "the member is described as a column twice",
         "Keep one of the two descriptions.");
  }
  *described = std::move(column);
}

void add_unique(EntityBuilder& builder, const char* signature, const UniqueOptions& options) {
  builder.uniques.push_back({builder.copy(options.name, "", "a unique's name"), member_names(signature)});
}

void add_index(EntityBuilder& builder, const char* signature, const IndexOptions& options) {
  add_index(builder, {}, options);
  for (MemberName& member : member_names(signature)) {
    builder.indexes.back().parts.push_back({std::move(member), {}, {}, false});
  }
}

void add_index(EntityBuilder& builder, std::initializer_list<IndexPart> parts, const IndexOptions& options) {
  IndexDescription index{builder.copy(options.name, "", "an index's name"),
                         {},
                         options.unique,
                         builder.copy(options.where, "", "an index's where")};
  for (const IndexPart& part : parts) {
    const MemberName member = part.member ? member_name(part.member) : MemberName{};
    index.parts.push_back({member, builder.copy(part.expression, "", "an index's expression"),
                           builder.copy(part.collation, member.name, "collation"), part.descending});
  }
  builder.indexes.push_back(std::move(index));
}

void add_check(EntityBuilder& builder, Text expression, const CheckOptions& options) {
  builder.checks.push_back(
      {builder.copy(options.name, "", "a check's name"), builder.copy(expression, "", "a check's expression")});
}

void add_foreign_key(EntityBuilder& builder, const char* signature, const MemberType& type, Relation relation,
                     const ForeignKeyOptions& options) {
  ColumnDescription column = describe_column(builder, signature, type, ColumnRole::plain, {});
  column.is_implied = true;
  ForeignKeyDescription key;
  key.name = builder.copy(options.name, column.member.name, "the foreign key's name");
  key.member = column.member;
  key.referenced = member_name(signature, "Referenced");
  key.referenced_entity = type_name(signature, "Target");
  if (key.referenced_entity == "void") key.referenced_entity.clear();
  key.is_one_to_one = relation == Relation::one_to_one;
  key.options = options;
  builder.foreign_keys.push_back(std::move(key));
  if (!builder.find(column.member)) builder.columns.push_back(std::move(column));
}

}  // namespace whimbrel::detail

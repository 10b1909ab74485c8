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

std::string copy(Text text) { return {text.data(), text.size()}; }

ColumnDescription describe_column(const Member& member, ColumnRole role, const ColumnOptions& options) {
  ColumnDescription column;
  column.member = member_name(member.signature);
  column.type = *member.type;
  column.role = role;
  column.name = options.name.empty() ? column.member.name : copy(options.name);
  column.type_text = copy(options.type);
  column.default_text = copy(options.default_value.text);
  column.default_expression = copy(options.default_expression);
  column.comment = copy(options.comment);
  column.renamed_from = copy(options.renamed_from);
  column.collation = copy(options.collation);
  column.options = options;
  return column;
}

std::vector<MemberName> names(std::initializer_list<Member> members) {
  std::vector<MemberName> result;
  for (const Member& member : members) result.push_back(member_name(member.signature));
  return result;
}

}  // namespace

ColumnDescription* EntityBuilder::find(const MemberName& member) {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const ColumnDescription& column) { return column.member == member; });
  return found == columns.end() ? nullptr : &*found;
}

const ColumnDescription* EntityBuilder::find(const MemberName& member) const {
  return const_cast<EntityBuilder*>(this)->find(member);
}

void set_table(EntityBuilder& builder, const TableOptions& options) {
  builder.table = {copy(options.name), copy(options.comment), copy(options.renamed_from), options.strict,
                   options.without_rowid};
}

void add_column(EntityBuilder& builder, const Member& member, ColumnRole role, const ColumnOptions& options) {
  ColumnDescription column = describe_column(member, role, options);
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

void add_unique(EntityBuilder& builder, std::initializer_list<Member> members, const UniqueOptions& options) {
  builder.uniques.push_back({copy(options.name), names(members)});
}

void add_index(EntityBuilder& builder, std::initializer_list<IndexPart> parts, const IndexOptions& options) {
  IndexDescription index{copy(options.name), {}, options.unique, copy(options.where)};
  for (const IndexPart& part : parts) {
    const MemberName member = part.member.signature ? member_name(part.member.signature) : MemberName{};
    index.parts.push_back({member, copy(part.expression), copy(part.collation), part.descending});
  }
  builder.indexes.push_back(std::move(index));
}

void add_check(EntityBuilder& builder, Text expression, const CheckOptions& options) {
  builder.checks.push_back({copy(options.name), copy(expression)});
}

void add_foreign_key(EntityBuilder& builder, const Member& member, const Reference& reference, bool one_to_one,
                     const ForeignKeyOptions& options) {
  ColumnDescription column = describe_column(member, ColumnRole::plain, {});
  column.is_implied = true;
  ForeignKeyDescription key;
  key.name = copy(options.name);
  key.member = column.member;
  key.referenced = member_name(reference.member.signature);
  if (reference.entity) key.referenced_entity = type_name(reference.entity);
  key.is_one_to_one = one_to_one;
  key.options = options;
  builder.foreign_keys.push_back(std::move(key));
  if (!builder.find(column.member)) builder.columns.push_back(std::move(column));
}

}  // namespace whimbrel::detail

#include "write/entity_source.h"

#include <algorithm>

#include "sql/writer.h"
#include "write/column_options.h"
#include "write/member_text.h"

namespace whimbrel::write {

namespace {

using model::Column;
using model::NameKind;
using model::ValueKind;

bool initialises_itself(const PlannedMember& member) {
  return member.column->nullable || member.kind == ValueKind::text || member.kind == ValueKind::bytes;
}

const char* action(model::ReferentialAction action) {
  switch (action) {
    case model::ReferentialAction::no_action:
      return "no_action";
    case model::ReferentialAction::restrict:
      return "restrict";
    case model::ReferentialAction::cascade:
      return "cascade";
    case model::ReferentialAction::set_null:
      return "set_null";
    case model::ReferentialAction::set_default:
      return "set_default";
  }
  return "no_action";
}

using Kind = model::NamedPart::Kind;

class Source {
 public:
  Source(const EntityPlan& plan, std::size_t index, const model::TypeMapping& mapping, const EnumTypeName& enum_type)
      : plan_(plan), entity_(plan.entities[index]), table_(*entity_.table), mapping_(mapping), enum_type_(enum_type) {
    const auto is_taken = [&](const PlannedMember& member) { return member.name == parameter_; };
    while (std::any_of(entity_.members.begin(), entity_.members.end(), is_taken)) parameter_ += '_';
  }

  EntitySource write() {
    declare();
    describe();
    return std::move(source_);
  }

 private:
  void declare() {
    std::string& text = source_.declaration;
    for (const PlannedMember& member : entity_.members) {
      if (member.enum_name.empty()) continue;
      text += "enum class " + member.enum_name + " {\n";
      for (const std::string& value : member.enum_values) text += "  " + value + ",\n";
      text += "};\n\n";
    }
    text += "struct " + entity_.class_name + " {\n";
    // In the order of the columns, not of the primary key.
    for (const Column& column : table_.columns) {
      if (const PlannedMember* member = find_member(column.name)) text += "  " + declaration(*member) + '\n';
    }
    text += '\n';
    if (entity_.is_in_cycle) text += "  static void describe(" + argument() + ");\n";
    source_.end = "};\n";
  }

  std::string declaration(const PlannedMember& member) {
    const MemberType type = member_type(member.kind);
    std::string text = member.enum_name;
    if (text.empty()) {
      text = type.text;
      if (type.header != nullptr) source_.headers.insert(type.header);
      if (member.kind == ValueKind::bytes) source_.headers.insert("cstddef");
    }
    if (is_optional(member)) {
      source_.headers.insert("optional");
      text = "std::optional<" + text + '>';
    }
    return text + ' ' + member.name + (initialises_itself(member) ? ";" : "{};");
  }

  [[nodiscard]] bool is_optional(const PlannedMember& member) const {
    return member.column->nullable && !is_in_primary_key(member);
  }

  [[nodiscard]] bool is_in_primary_key(const PlannedMember& member) const {
    return static_cast<std::size_t>(&member - entity_.members.data()) < entity_.key_size;
  }

  [[nodiscard]] std::string argument() const { return "whimbrel::Entity<" + entity_.class_name + ">& " + parameter_; }
  [[nodiscard]] std::string pointer(const std::string& member) const {
    return '&' + entity_.class_name + "::" + member;
  }

  void describe() {
    const std::string inner = entity_.is_in_cycle ? "" : "  ";
    indent_ = inner + "  ";
    source_.description = entity_.is_in_cycle
                              ? "inline void " + entity_.class_name + "::describe(" + argument() + ") {\n"
                              : "  static void describe(" + argument() + ") {\n";
    describe_table();
    for (const PlannedMember& member : entity_.members) describe_column(member);
    if (!entity_.is_unmanaged) describe_rest();
    source_.description += inner + "}\n";
  }

  void describe_rest() {
    for (const model::Unique& unique : table_.uniques) describe_unique(unique);
    for (const PlannedMember& member : entity_.members) describe_values(member);
    for (const model::Check& check : table_.checks) {
      call("check", "", literal(check.expression) + name_option(check.name).last());
    }
    for (const model::Exclusion& exclusion : table_.exclusions) {
      Options options = name_option(exclusion.name);
      add_deferral(options, exclusion.deferral);
      call("exclusion", "", literal(exclusion.definition) + options.last());
    }
    for (const PlannedReference& reference : entity_.references) describe_reference(reference);
    for (const model::Index& index : table_.indexes) describe_index(index);
  }

  void call(const std::string& function, const std::string& template_arguments, const std::string& arguments) {
    std::string& text = source_.description;
    text += indent_ + parameter_ + '.' + function;
    if (!template_arguments.empty()) text += '<' + template_arguments + '>';
    text += '(' + arguments + ");\n";
  }

  void describe_table() {
    Options options;
    options.add("name", literal(table_.name.name));
    if (!table_.comment.empty()) options.add("comment", literal(table_.comment));
    if (table_.options.contains("STRICT")) options.add("strict", "true");
    if (table_.options.contains("WITHOUT ROWID")) options.add("without_rowid", "true");
    if (entity_.key_size == 0) options.add("primary_key", "false");
    if (!table_.name.schema.empty()) options.add("schema", literal(table_.name.schema));
    if (entity_.is_unmanaged) options.add("synchronize", "false");
    call("table", "", options.text());
  }

  void describe_column(const PlannedMember& member) {
    const Column& column = *member.column;
    Options options;
    if (member.name != column.name) options.add("name", literal(column.name));
    const bool has_enum_type = !member.enum_name.empty() && !column.enum_name.empty();
    const bool is_json = !is_in_primary_key(member) && is_json_column(member, mapping_);
    if (!member.follows_reference && !has_enum_type && !is_json) {
      add_type(options, member, table_, is_in_primary_key(member), mapping_);
    }
    const bool is_made_date = !is_in_primary_key(member) && is_create_date(member, mapping_);
    if (!is_made_date) add_default(options, member, mapping_);
    if (!entity_.is_unmanaged && is_single_unique(column)) options.add("unique", "true");
    if (!column.comment.empty()) options.add("comment", literal(column.comment));
    if (!member.follows_reference && !column.collation.empty()) options.add("collation", literal(column.collation));
    if (column.identity || (column.auto_increment && !is_in_primary_key(member))) {
      options.add("generated", std::string("whimbrel::Generation::") + (column.identity ? "identity" : "increment"));
    }
    if (column.computed) {
      options.add("computed", literal(column.computed->expression));
      if (column.computed->stored) options.add("stored", "true");
    }
    if (&member == &entity_.members.front() && entity_.key_size > 0) {
      const std::string& key_name = table_.primary_key->name.text;
      const model::NamedPart key{Kind::primary_key, table_.name.name, {}};
      const bool is_chosen = !key_name.empty() && !is_hash(key_name) && !mapping_.is_derived_name(key_name, key);
      if (is_chosen) options.add("primary_key_name", literal(key_name));
    }
    if (!column.on_update.empty()) options.add("on_update", literal(column.on_update));
    if (has_enum_type && (member.shares_enum || unqualified(column.enum_name) != derived_enum_name(column))) {
      options.add("enum_name", literal(unqualified(column.enum_name)));
    }
    if (!member.follows_reference && has_time_zone(member, mapping_)) options.add("with_time_zone", "true");
    const char* function = is_made_date                 ? "create_date"
                           : is_json                    ? "json"
                           : !is_in_primary_key(member) ? "column"
                           : column.auto_increment      ? "primary_generated"
                                                        : "primary_column";
    call(function, pointer(member.name), options.text());
  }

  [[nodiscard]] std::string derived_enum_name(const Column& column) const {
    return mapping_.identifier_limit().shortened(enum_type_(table_.name.name, column.name));
  }

  /// The schema of the enum is that of the table.
  [[nodiscard]] std::string unqualified(const std::string& name) const {
    return table_.name.schema.empty() ? name : name.substr(table_.name.schema.size() + 1);
  }

  /// Keeps a name that a user may have chosen. A name derived from a hash is left out.
  static Options name_option(const model::ConstraintName& name) {
    Options options;
    if (!name.text.empty() && !is_hash(name.text)) options.add("name", literal(name.text));
    return options;
  }

  /// Like the other one; a name that the database derives for the columns is left out, too.
  [[nodiscard]] Options name_option(const model::ConstraintName& name, Kind kind,
                                    std::vector<std::string> columns) const {
    const model::NamedPart part{kind, table_.name.name, std::move(columns)};
    return mapping_.is_derived_name(name.text, part) ? Options() : name_option(name);
  }

  /// Returns whether no other one is over the same columns, so that it is found without its name.
  template <class T>
  [[nodiscard]] bool is_only_one(const std::vector<T>& all, const T& one) const {
    return std::count_if(all.begin(), all.end(), [&](const T& other) { return other.columns == one.columns; }) == 1;
  }

  static bool is_hash(const std::string& name) {
    const std::size_t end = name.find('_');
    return end != name.npos && end <= 3 && name.size() >= end + 26 &&
           name.find_first_not_of("0123456789abcdef", end + 1) == name.npos;
  }

  [[nodiscard]] bool is_single_unique(const Column& column) const {
    return std::any_of(table_.uniques.begin(), table_.uniques.end(), [&](const model::Unique& unique) {
      return is_said_with_column(unique) && !is_repeated(unique) &&
             mapping_.same_name(NameKind::column, unique.columns.front().column, column.name);
    });
  }

  [[nodiscard]] bool is_said_with_column(const model::Unique& unique) const {
    return unique.columns.size() == 1 && options_of(unique).text().empty() && is_sayable(unique);
  }

  [[nodiscard]] Options options_of(const model::Unique& unique) const {
    Options options = name_option(unique.name, Kind::unique, model::column_names(unique.columns));
    add_deferral(options, unique.deferral);
    if (unique.nulls_not_distinct) options.add("nulls_not_distinct", "true");
    return options;
  }

  static void add_deferral(Options& options, model::Deferral deferral) {
    if (deferral == model::Deferral::not_deferrable) return;
    const bool deferred = deferral == model::Deferral::initially_deferred;
    options.add("deferrable", std::string("whimbrel::Deferrable::initially_") + (deferred ? "deferred" : "immediate"));
  }

  static bool is_sayable(const model::Unique& unique) {
    return unique.included.empty() &&
           std::all_of(unique.columns.begin(), unique.columns.end(),
                       [](const model::KeyPart& part) { return !part.column.empty() && !part.descending; });
  }

  /// Entities describe each unique constraint once; a database may have it under several names.
  [[nodiscard]] bool is_repeated(const model::Unique& unique) const {
    for (const model::Unique& other : table_.uniques) {
      if (&other == &unique) return false;
      const auto same_part = [&](const model::KeyPart& a, const model::KeyPart& b) {
        return mapping_.same_name(NameKind::column, a.column, b.column);
      };
      if (std::equal(other.columns.begin(), other.columns.end(), unique.columns.begin(), unique.columns.end(),
                     same_part)) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] const PlannedMember* find_member(const std::string& column) const {
    const auto found = std::find_if(entity_.members.begin(), entity_.members.end(), [&](const PlannedMember& member) {
      return mapping_.same_name(NameKind::column, member.column->name, column);
    });
    return found == entity_.members.end() ? nullptr : &*found;
  }

  [[nodiscard]] std::string pointers(const std::vector<model::KeyPart>& parts) const {
    std::string text;
    for (const model::KeyPart& part : parts) {
      text += (text.empty() ? "" : ", ") + pointer(find_member(part.column)->name);
    }
    return text;
  }

  void describe_unique(const model::Unique& unique) {
    if (is_said_with_column(unique) || !is_sayable(unique) || is_repeated(unique)) return;
    call("unique", pointers(unique.columns), options_of(unique).text());
  }

  /// A check constraint for the values of a column without an enum.
  void describe_values(const PlannedMember& member) {
    if (member.column->enum_values.empty() || !member.enum_name.empty()) return;
    sql::Writer writer(mapping_.syntax());
    writer.identifier(member.column->name).raw(" IN (");
    writer.list(member.column->enum_values, [&](const std::string& value) { writer.string(value); });
    call("check", "", literal(writer.raw(")").take()));
  }

  void describe_reference(const PlannedReference& reference) {
    const PlannedEntity& target = plan_.entities[reference.entity];
    const model::ForeignKey& key = *reference.key;
    Options options = is_only_one(table_.foreign_keys, key) ? name_option(key.name, Kind::foreign_key, key.columns)
                                                            : name_option(key.name);
    if (key.on_delete != model::ReferentialAction::no_action) {
      options.add("on_delete", std::string("whimbrel::OnDelete::") + action(key.on_delete));
    }
    if (key.on_update != model::ReferentialAction::no_action) {
      options.add("on_update", std::string("whimbrel::OnUpdate::") + action(key.on_update));
    }
    add_deferral(options, key.deferral);
    if (reference.pairs.size() == 1) {
      return call("many_to_one", pair_text(target, reference.pairs.front()), options.text());
    }
    std::string pairs;
    for (const PlannedPair& pair : reference.pairs) {
      pairs += (pairs.empty() ? "whimbrel::key<" : ", whimbrel::key<") + pair_text(target, pair) + ">()";
    }
    call("many_to_one", target.class_name, '{' + pairs + '}' + options.last());
  }

  [[nodiscard]] std::string pair_text(const PlannedEntity& target, const PlannedPair& pair) const {
    return pointer(entity_.members[pair.member].name) + ", &" + target.class_name +
           "::" + target.members[pair.referenced].name;
  }

  void describe_index(const model::Index& index) {
    Options options = is_only_one(table_.indexes, index)
                          ? name_option(index.name, Kind::index, model::column_names(index.columns))
                          : name_option(index.name);
    if (index.unique) options.add("unique", "true");
    if (!index.where.empty()) options.add("where", literal(index.where));
    if (!index.method.empty()) options.add("method", literal(index.method));
    if (index.nulls_not_distinct) options.add("nulls_not_distinct", "true");
    const bool is_plain = index.included.empty() &&
                          std::all_of(index.columns.begin(), index.columns.end(),
                                      [](const model::KeyPart& part) { return part == model::KeyPart(part.column); });
    if (is_plain) return call("index", pointers(index.columns), options.text());
    std::string parts;
    for (const model::KeyPart& part : index.columns) parts += (parts.empty() ? "" : ", ") + part_text(part);
    for (const std::string& column : index.included) {
      parts += ", whimbrel::included<" + pointer(find_member(column)->name) + ">()";
    }
    call("index", "", '{' + parts + '}' + options.last());
  }

  [[nodiscard]] std::string part_text(const model::KeyPart& part) const {
    Options options;
    if (!part.collation.empty()) options.add("collation", literal(part.collation));
    if (!part.column.empty()) {
      add_order(options, part);
      const std::string function = part.descending ? "whimbrel::descending<" : "whimbrel::ascending<";
      return function + pointer(find_member(part.column)->name) + ">(" + options.text() + ')';
    }
    if (part.descending) options.add("descending", "true");
    add_order(options, part);
    return "whimbrel::expression(" + literal(part.expression) + options.last() + ')';
  }

  static void add_order(Options& options, const model::KeyPart& part) {
    if (part.nulls != model::NullOrder::by_default) {
      options.add("nulls",
                  std::string("whimbrel::Nulls::") + (part.nulls == model::NullOrder::first ? "first" : "last"));
    }
    if (!part.operator_class.empty()) options.add("operator_class", literal(part.operator_class));
    if (part.length) options.add("length", std::to_string(*part.length));
  }

  const EntityPlan& plan_;
  const PlannedEntity& entity_;
  const model::Table& table_;
  const model::TypeMapping& mapping_;
  const EnumTypeName& enum_type_;
  std::string parameter_ = "entity";
  std::string indent_;
  EntitySource source_;
};

}  // namespace

std::string view_source(const PlannedView& view) {
  Options options;
  options.add("name", literal(view.view->name.name));
  if (!view.view->name.schema.empty()) options.add("schema", literal(view.view->name.schema));
  if (!view.columns.empty()) options.add("columns", literal(view.columns));
  if (view.view->materialized) options.add("materialized", "true");
  if (view.is_unmanaged) options.add("synchronize", "false");
  return "struct " + view.class_name + " {\n  static void describe(whimbrel::View<" + view.class_name +
         ">& view) {\n    view.query(" + literal(view.query) + options.last() + ");\n  }\n};\n";
}

EntitySource entity_source(const EntityPlan& plan, std::size_t index, const model::TypeMapping& mapping,
                           const EnumTypeName& enum_type) {
  return Source(plan, index, mapping, enum_type).write();
}

}  // namespace whimbrel::write

#include "operation/describe.h"

namespace whimbrel::operation {

namespace {

/// `index "IDX_1" (a, b)`, `unique (a)`
std::string thing(const std::string& kind, const model::ConstraintName& name, const std::string& content) {
  return kind + (name.text.empty() ? "" : ' ' + in_quotes(name.text)) + ' ' + content;
}

std::string noun(const model::Unique& unique) { return thing("unique", unique.name, in_parentheses(unique.columns)); }
std::string noun(const model::Check& check) { return thing("check", check.name, '(' + check.expression + ')'); }
std::string noun(const model::Exclusion& exclusion) {
  return thing("exclusion", exclusion.name, '(' + exclusion.definition + ')');
}
std::string noun(const model::Index& index) {
  return thing(index.unique ? "unique index" : "index", index.name, in_parentheses(index.columns));
}
std::string noun(const model::ForeignKey& key) {
  return thing("foreign key", key.name, in_parentheses(key.columns)) + " to " + in_quotes(key.referenced_table);
}

std::string noun(NamedPart part) {
  if (part == NamedPart::sequence) return "sequence";
  return part == NamedPart::index ? "index" : "constraint";
}

/// The operation and its object.
struct Phrase {
  std::string verb;
  std::string target;
};

struct Describe {
  Phrase operator()(const CreateSchema& op) const { return {"create", "schema " + in_quotes(op.schema)}; }
  Phrase operator()(const DropSchema& op) const { return {"drop", "schema " + in_quotes(op.schema)}; }
  Phrase operator()(const CreateEnum& op) const { return {"create", "enum " + in_quotes(op.type.name)}; }
  Phrase operator()(const DropEnum& op) const { return {"drop", "enum " + in_quotes(op.type.name)}; }
  Phrase operator()(const AlterEnum& op) const {
    return {"change", "the values of enum " + in_quotes(op.before.name) + " to " + in_parentheses(op.after.values)};
  }
  Phrase operator()(const RenameEnumValue& op) const {
    return {"rename", "value '" + op.from + "' of enum " + in_quotes(op.type) + " to '" + op.to + '\''};
  }
  Phrase operator()(const CreateObject& op) const {
    return {"create", op.object.kind + ' ' + in_quotes(op.object.name)};
  }
  Phrase operator()(const DropObject& op) const { return {"drop", op.object.kind + ' ' + in_quotes(op.object.name)}; }
  Phrase operator()(const AlterObject& op) const {
    if (op.before == op.after) return {"recreate", op.after.kind + ' ' + in_quotes(op.after.name)};
    return {"change", op.after.kind + ' ' + in_quotes(op.after.name)};
  }
  Phrase operator()(const CreateTable& op) const { return {"create", "table " + in_quotes(op.table.name)}; }
  Phrase operator()(const DropTable& op) const { return {"drop", "table " + in_quotes(op.table.name)}; }
  Phrase operator()(const RenameTable& op) const {
    return {"rename", "table " + in_quotes(op.from) + " to " + in_quotes(op.to)};
  }
  Phrase operator()(const AlterTable& op) const {
    const bool is_comment = op.options_before == op.options_after && op.inherits_before == op.inherits_after;
    return {"change", (is_comment ? "the comment of table " : "the options of table ") + in_quotes(op.table)};
  }
  Phrase operator()(const AddColumn& op) const {
    return {"add", "column " + in_quotes(op.column.name) + " to " + in_quotes(op.table)};
  }
  Phrase operator()(const DropColumn& op) const {
    return {"drop", "column " + in_quotes(op.column.name) + " from " + in_quotes(op.table)};
  }
  Phrase operator()(const RenameColumn& op) const {
    const std::string what = op.attribute ? "attribute " : "column ";
    return {"rename", what + in_quotes(op.from) + " of " + in_quotes(op.table) + " to " + in_quotes(op.to)};
  }
  Phrase operator()(const AlterColumn& op) const {
    return {"change", "column " + in_quotes(op.before.name) + " of " + in_quotes(op.table) + " (" + changes(op) + ')'};
  }
  Phrase operator()(const AlterPrimaryKey& op) const {
    if (!op.after) return {"drop", "the primary key of " + in_quotes(op.table)};
    if (!op.before) return {"add", "primary key " + in_parentheses(op.after->columns) + " to " + in_quotes(op.table)};
    return {"change", "the primary key of " + in_quotes(op.table) + " to " + in_parentheses(op.after->columns)};
  }
  Phrase operator()(const AddUnique& op) const { return {"add", noun(op.unique) + " to " + in_quotes(op.table)}; }
  Phrase operator()(const DropUnique& op) const { return {"drop", noun(op.unique) + " from " + in_quotes(op.table)}; }
  Phrase operator()(const AddCheck& op) const { return {"add", noun(op.check) + " to " + in_quotes(op.table)}; }
  Phrase operator()(const DropCheck& op) const { return {"drop", noun(op.check) + " from " + in_quotes(op.table)}; }
  Phrase operator()(const AddExclusion& op) const { return {"add", noun(op.exclusion) + " to " + in_quotes(op.table)}; }
  Phrase operator()(const DropExclusion& op) const {
    return {"drop", noun(op.exclusion) + " from " + in_quotes(op.table)};
  }
  Phrase operator()(const AddForeignKey& op) const {
    return {"add", noun(op.foreign_key) + " to " + in_quotes(op.table)};
  }
  Phrase operator()(const DropForeignKey& op) const {
    return {"drop", noun(op.foreign_key) + " from " + in_quotes(op.table)};
  }
  Phrase operator()(const CreateIndex& op) const { return {"create", noun(op.index) + " on " + in_quotes(op.table)}; }
  Phrase operator()(const DropIndex& op) const { return {"drop", noun(op.index) + " on " + in_quotes(op.table)}; }
  Phrase operator()(const CreateTrigger& op) const {
    return {"create", "trigger " + in_quotes(op.trigger.name) + " on " + in_quotes(op.table)};
  }
  Phrase operator()(const DropTrigger& op) const {
    return {"drop", "trigger " + in_quotes(op.trigger.name) + " on " + in_quotes(op.table)};
  }
  Phrase operator()(const CreateView& op) const { return {"create", "view " + in_quotes(op.view.name)}; }
  Phrase operator()(const DropView& op) const { return {"drop", "view " + in_quotes(op.view.name)}; }
  Phrase operator()(const AlterView& op) const { return {"change", "view " + in_quotes(op.before.name)}; }
  Phrase operator()(const RenameConstraint& op) const {
    return {"rename",
            noun(op.part) + ' ' + in_quotes(op.from) + " of " + in_quotes(op.table) + " to " + in_quotes(op.to)};
  }
  Phrase operator()(const RebuildTable& op) const { return {"rebuild", "table " + in_quotes(op.after.name)}; }

 private:
  static std::string changes(const AlterColumn& op) {
    const model::Column& before = op.before;
    const model::Column& after = op.after;
    std::string result;
    const auto add = [&](bool changed, const std::string& words) {
      if (changed) result += (result.empty() ? "" : ", ") + words;
    };
    add(before.name != after.name, "name");
    add(before.type != after.type, "type " + in_words(before.type) + " to " + in_words(after.type));
    add(before.nullable != after.nullable, after.nullable ? "allow NULL" : "NOT NULL");
    add(before.default_expression != after.default_expression,
        after.default_expression ? "default " + *after.default_expression : "no default");
    add(before.auto_increment != after.auto_increment, after.auto_increment ? "auto-increment" : "no auto-increment");
    add(before.enum_values != after.enum_values, "values");
    const std::string becomes = before.type == after.type ? "' renamed to '" : "' stored as '";
    for (const auto& [from, to] : op.renamed_values) add(true, "value '" + from + becomes + to + '\'');
    add(before.computed != after.computed, "computation");
    add(before.collation != after.collation, "collation");
    add(before.comment != after.comment, "comment");
    add(before.identity != after.identity || before.identity_always != after.identity_always, "identity");
    const auto& sequence = before.sequence.value;
    const auto& other = after.sequence.value;
    const bool renames = sequence && other && sequence->name.name != other->name.name;
    add(before.sequence_options != after.sequence_options || (result.empty() && renames), "sequence");
    add(before.charset != after.charset, "character set");
    add(before.on_update != after.on_update, "ON UPDATE value");
    add(before.enum_name != after.enum_name, "enum name");
    add(before.not_null_on_conflict != after.not_null_on_conflict, "conflict clause");
    return result;
  }
};

}  // namespace

std::string in_words(const model::Type& type) { return type.name.empty() ? "no type" : to_string(type); }

std::string in_quotes(const std::string& name) { return '"' + name + '"'; }
std::string in_quotes(const model::Name& name) { return in_quotes(to_string(name)); }

std::string in_parentheses(const std::vector<std::string>& names) {
  std::string result;
  for (const std::string& name : names) result += (result.empty() ? "" : ", ") + name;
  return '(' + result + ')';
}

std::string in_parentheses(const std::vector<model::KeyPart>& parts) { return in_parentheses(column_names(parts)); }

std::string describe(const Operation& operation) {
  const Phrase words = std::visit(Describe{}, operation);
  return words.verb + ' ' + words.target;
}

std::string describe_target(const Operation& operation) { return std::visit(Describe{}, operation).target; }

}  // namespace whimbrel::operation

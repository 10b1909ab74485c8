#include "cli/schema_text.h"

#include <algorithm>

#include "cli/visible_text.h"
#include "dialect/ansi.h"
#include "operation/describe.h"
#include "sql/lexer.h"

namespace whimbrel::cli {

namespace {

using namespace operation;

std::string part_text(const model::KeyPart& part) {
  std::string text = part.column.empty() ? '(' + part.expression + ')' : part.column;
  if (part.length) text += '(' + std::to_string(*part.length) + ')';
  if (!part.collation.empty()) text += " collate " + part.collation;
  if (!part.operator_class.empty()) text += ' ' + part.operator_class;
  if (part.descending) text += " desc";
  if (part.nulls != model::NullOrder::by_default) {
    text += part.nulls == model::NullOrder::first ? " nulls first" : " nulls last";
  }
  return text;
}

std::string part_text(const std::string& column) { return column; }

template <class Part>
std::string listed(const std::vector<Part>& parts) {
  std::string text;
  for (const Part& part : parts) text += (text.empty() ? "" : ", ") + part_text(part);
  return '(' + text + ')';
}

std::string named(const model::ConstraintName& name) {
  return name.text.empty() ? "" : " \"" + visible_line(name.text) + '"';
}

std::string conflict_text(const std::string& action) {
  return action.empty() ? "" : ", on conflict " + sql::to_lower(action);
}

std::string deferral_text(model::Deferral deferral) {
  switch (deferral) {
    case model::Deferral::not_deferrable:
      return "";
    case model::Deferral::initially_immediate:
      return ", deferrable";
    case model::Deferral::initially_deferred:
      return ", initially deferred";
  }
  return "";
}

std::string action_text(model::ReferentialAction action) {
  return action == model::ReferentialAction::no_action ? "" : sql::to_lower(dialect::ansi::action_sql(action));
}

std::string including(const std::vector<std::string>& columns) {
  return columns.empty() ? "" : " including " + listed(columns);
}

std::string key_text(const model::ForeignKey& key) {
  std::string text = listed(key.columns) + " to " + to_string(key.referenced_table);
  if (!key.referenced_columns.empty()) text += ' ' + listed(key.referenced_columns);
  const std::string on_delete = action_text(key.on_delete);
  const std::string on_update = action_text(key.on_update);
  if (!on_delete.empty()) text += ", on delete " + on_delete;
  if (!on_update.empty()) text += ", on update " + on_update;
  if (!key.set_columns.empty()) text += ", of " + listed(key.set_columns);
  if (!key.match.empty()) text += ", match " + sql::to_lower(key.match);
  if (key.not_valid) text += ", not valid";
  return text + deferral_text(key.deferral);
}

std::string index_text(const model::Index& index) {
  std::string text = (index.unique ? "unique index" : "index") + named(index.name) + ' ' + listed(index.columns);
  if (!index.method.empty()) text += " using " + index.method;
  if (!index.parser.empty()) text += " with parser " + index.parser;
  text += including(index.included);
  if (index.nulls_not_distinct) text += ", nulls not distinct";
  if (!index.storage_parameters.empty()) text += " with " + index.storage_parameters;
  if (index.invalid) text += ", invalid";
  return text + (index.where.empty() ? "" : " where " + index.where);
}

std::string unique_text(const model::Unique& unique) {
  return "unique" + named(unique.name) + ' ' + listed(unique.columns) + including(unique.included) +
         (unique.nulls_not_distinct ? ", nulls not distinct" : "") + conflict_text(unique.on_conflict) +
         deferral_text(unique.deferral);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string properties(const model::Column& column) {
  std::vector<std::string> words;
  if (column.auto_increment)
    words.emplace_back(column.identity_always ? "generated always as identity" : "auto-increment");
  if (!column.sequence_options.empty()) words.push_back(column.sequence_options);
  if (!column.nullable) words.push_back("not null" + conflict_text(column.not_null_on_conflict));
  if (column.default_expression) words.push_back("default " + *column.default_expression);
  if (!column.enum_values.empty()) words.push_back("one of " + joined(column.enum_values));
  if (column.computed) {
    words.push_back((column.computed->stored ? "stored as " : "computed as ") + column.computed->expression);
  }
  if (!column.collation.empty()) words.push_back("collate " + column.collation);
  if (!column.charset.empty()) words.push_back("charset " + column.charset);
  if (!column.on_update.empty()) words.push_back("on update " + column.on_update);
  if (!column.comment.empty()) words.push_back(column.comment);
  return joined(words);
}

/// The width on a screen, approximated by the number of characters: UTF-8 continuation bytes do not count.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string padded(const std::string& text, std::size_t to) { return text + std::string(to - width(text), ' '); }

class SchemaText {
 public:
  explicit SchemaText(const Style& style) : style_(style) {}

  std::string write(const model::Schema& schema) {
    for (const std::string& name : schema.schemas) head("schema", name, "");
    for (const model::Enum& type : schema.enums) head("enum", type.name, "  " + joined(type.values));
    add_objects(schema.objects, false);
    for (const model::Table& table : schema.tables) add(table);
    add_objects(schema.objects, true);
    for (const model::View& view : schema.views) add(view);
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += "  " + text + '\n'; }

  void head(const std::string& kind, const model::Name& name, const std::string& rest) {
    if (!text_.empty()) text_ += '\n';
    text_ += kind + ' ' + style_.bold(visible_line(to_string(name))) + rest + '\n';
  }

  void add(const model::Table& table) {
    std::string options;
    for (const auto& [option, value] : table.options) {
      options += (options.empty() ? "  " : ", ") + option + (value.empty() ? "" : " = " + value);
    }
    head("table", table.name, style_.faint(options));
    if (!table.comment.empty()) line(style_.faint(table.comment));
    add_columns(table.columns);
    if (const auto& key = table.primary_key) {
      line("primary key" + named(key->name) + ' ' + listed(key->columns) + including(key->included) +
           conflict_text(key->on_conflict) + deferral_text(key->deferral));
    }
    for (const auto& unique : table.uniques) line(unique_text(unique));
    for (const auto& check : table.checks) {
      line("check" + named(check.name) + " (" + check.expression + ')' + (check.no_inherit ? ", no inherit" : "") +
           (check.not_valid ? ", not valid" : ""));
    }
    for (const auto& key : table.foreign_keys) line("foreign key" + named(key.name) + ' ' + key_text(key));
    for (const auto& exclusion : table.exclusions) {
      line("exclude" + named(exclusion.name) + ' ' + exclusion.definition + deferral_text(exclusion.deferral));
    }
    for (const auto& index : table.indexes) line(index_text(index));
    for (const auto& trigger : table.triggers) line("trigger \"" + visible_line(trigger.name) + '"');
  }

  void add_columns(const std::vector<model::Column>& columns) {
    std::size_t names = 0;
    std::size_t types = 0;
    for (const model::Column& column : columns) {
      names = std::max(names, width(visible_line(column.name)));
      types = std::max(types, width(to_string(column.type)));
    }
    for (const model::Column& column : columns) {
      std::string text = padded(visible_line(column.name), names) + "  " + padded(to_string(column.type), types);
      const std::string rest = properties(column);
      if (!rest.empty()) text += "  " + style_.faint(rest);
      text.erase(text.find_last_not_of(' ') + 1);
      line(text);
    }
  }

  void add_objects(const std::vector<model::Object>& objects, bool after_tables) {
    for (const model::Object& object : objects) {
      if (object.after_tables != after_tables) continue;
      head(object.kind, object.name, "");
      text_ += object.definition + '\n';
    }
  }

  void add(const model::View& view) {
    head(view.materialized ? "materialized view" : "view", view.name, "");
    text_ += view.definition + '\n';
    for (const auto& index : view.indexes) line(index_text(index));
    for (const auto& trigger : view.triggers) line("trigger \"" + visible_line(trigger.name) + '"');
  }

  const Style& style_;
  std::string text_;
};

enum class Sign { comes, goes, changes };

Sign sign(const std::string& words) {
  if (words.starts_with("drop ") || words.starts_with("revoke ")) return Sign::goes;
  const bool comes = words.starts_with("create ") || words.starts_with("add ") || words.starts_with("grant ");
  return comes ? Sign::comes : Sign::changes;
}

std::string change_line(const std::string& description, const Style& style) {
  const std::string words = visible_line(description);
  switch (sign(words)) {
    case Sign::comes:
      return style.green("+ " + words) + '\n';
    case Sign::goes:
      return style.red("- " + words) + '\n';
    case Sign::changes:
      break;
  }
  return style.yellow("~ " + words) + '\n';
}

}  // namespace

std::string schema_text(const model::Schema& schema, const Style& style) { return SchemaText(style).write(schema); }

std::string changes_text(const std::vector<Operation>& operations, const Style& style) {
  std::string text;
  for (const Operation& operation : operations) text += change_line(describe(operation), style);
  return text;
}

std::string privileges_text(const std::vector<sql::Statement>& statements, const Style& style) {
  std::string text;
  for (const sql::Statement& statement : statements) text += change_line(statement.description, style);
  return text;
}

}  // namespace whimbrel::cli

#include "cli/answers.h"

#include <algorithm>
#include <set>
#include <variant>

#include "sql/lexer.h"
#include "sql/null_literal.h"

namespace whimbrel::cli {

namespace {

Error wrong(const std::string& option, const TableColumnValue& assignment, const std::string& form) {
  std::string text;
  for (const std::string& part : assignment.path) text += (text.empty() ? "" : ".") + part;
  return Error(ErrorKind::usage, option + ' ' + text + '=' + assignment.value + " is not of the form " + form + '.')
      .with_remedy("T is a table or schema.table. Put a name that contains a dot or an equals sign in double quotes.");
}

// The table of `table.column` or `schema.table.column`.
model::Name table_of(const std::string& option, const TableColumnValue& assignment, const std::string& form) {
  if (assignment.path.size() == 2) return {assignment.path[0]};
  if (assignment.path.size() == 3) return {assignment.path[0], assignment.path[1]};
  throw wrong(option, assignment, form);
}

// `OLD=NEW`, or either with its schema, but not the old one alone: the new name of a column has no schema.
std::optional<diff::Answers::TableRename> table_rename(const TableColumnValue& assignment) {
  const std::optional<QualifiedName> to = parse_name(assignment.value);
  const bool has_schema = to && to->size() == 2;
  if (assignment.path.size() > 2 || (assignment.path.size() == 2 && !has_schema)) return std::nullopt;
  const bool is_quoted = assignment.value.starts_with('"') && to && to->size() == 1;
  diff::Answers::TableRename rename{assignment.path.back(), is_quoted ? to->front() : assignment.value};
  if (assignment.path.size() == 2) rename.from.schema = assignment.path.front();
  if (has_schema) rename.to = {to->front(), to->back()};
  return rename;
}

diff::Answers::ColumnRename column_rename(const std::string& option, const TableColumnValue& assignment) {
  const std::optional<QualifiedName> to = parse_name(assignment.value);
  const bool is_quoted = assignment.value.starts_with('"') && to && to->size() == 1;
  return {table_of(option, assignment, "T.OLD=NEW"), assignment.path.back(),
          is_quoted ? to->front() : assignment.value};
}

std::string shell_word(const std::string& text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '=' || c == '-';
  };
  if (std::all_of(text.begin(), text.end(), is_plain)) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + '\'';
}

std::string quoted_part(const std::string& name) {
  if (name.find_first_of(".=\"") == name.npos) return name;
  std::string part = "\"";
  for (const char c : name) part += c == '"' ? "\"\"" : std::string(1, c);
  return part + '"';
}

std::string quoted_name(const model::Name& name) {
  const std::string schema = name.schema.empty() ? "" : quoted_part(name.schema) + '.';
  return schema + quoted_part(name.name);
}

std::string option_for(const char* option, const model::Name& table, const std::string& column,
                       const std::string& value) {
  const std::string text = quoted_name(table) + '.' + quoted_part(column) + '=' + value;
  return std::string(option) + ' ' + shell_word(text);
}

std::string rename_option(const char* option, const diff::RenameCandidate& candidate) {
  return option_for(option, candidate.table, candidate.from.name, candidate.to.name);
}

std::string rename_option(const char* option, const diff::TableRenameCandidate& candidate) {
  return std::string(option) + ' ' + shell_word(quoted_name(candidate.from) + '=' + quoted_name(candidate.to));
}

std::string drop_option(const model::Name& table) { return "--drop " + shell_word(quoted_name(table)); }

/// The option that answers no. An unmanaged table is not dropped, so it needs no --drop.
std::string no_option(const diff::TableRenameCandidate& candidate) {
  return candidate.unmanaged ? rename_option("--not-rename", candidate) : drop_option(candidate.from);
}

std::string backfill_option(const diff::MissingBackfill& missing) {
  return option_for("--backfill", missing.table, missing.column, "EXPR");
}

std::string owner_of_values(const diff::RenameCandidate& candidate) {
  const model::Name& name = candidate.table;
  return (candidate.of_column ? "column \"" : "enum \"") + model::to_string(name) + '"';
}

std::string question_text(const diff::RenameCandidate& candidate) {
  if (candidate.is_value) {
    return "Was value '" + candidate.from.name + "' of " + owner_of_values(candidate) + " renamed to '" +
           candidate.to.name + "'?";
  }
  return "Was column \"" + candidate.from.name + "\" of table \"" + model::to_string(candidate.table) +
         "\" renamed to \"" + candidate.to.name + "\"?";
}

std::string question_text(const diff::TableRenameCandidate& candidate) {
  return "Was table \"" + model::to_string(candidate.from) + "\" renamed to \"" + model::to_string(candidate.to) +
         "\"?";
}

std::string drop_question(const model::Name& table) {
  return "No entity describes table \"" + model::to_string(table) + "\" any more. Drop it with all its rows?";
}

std::string question_text(const diff::MissingBackfill& missing) {
  return "Which value should existing rows of table \"" + model::to_string(missing.table) + "\" get in column \"" +
         missing.column + "\"? The column " +
         (missing.added ? "is NOT NULL and has no default." : "becomes NOT NULL, but existing rows contain NULL.");
}

bool is_same(const diff::RenameCandidate& a, const diff::RenameCandidate& b) {
  return a.table == b.table && (a.from.name == b.from.name || a.to.name == b.to.name);
}

// A column that was renamed, or whose name was taken over, is not asked about again.
std::optional<bool> ask_about_renames(Questions& questions, const change::SchemaChange& generated,
                                      diff::Answers& answers) {
  std::vector<diff::RenameCandidate> renamed;
  for (const diff::RenameCandidate& candidate : generated.rename_candidates) {
    const auto is_settled = [&](const diff::RenameCandidate& other) { return is_same(candidate, other); };
    if (std::any_of(renamed.begin(), renamed.end(), is_settled)) continue;
    const std::optional<bool> yes = questions.is_rename(candidate);
    if (!yes) return std::nullopt;
    auto& list = *yes ? answers.column_renames : answers.not_renames;
    list.push_back({candidate.table, candidate.from.name, candidate.to.name});
    if (*yes) renamed.push_back(candidate);
  }
  return true;
}

bool has_table_questions(const change::SchemaChange& generated) {
  return !generated.table_candidates.empty() || !generated.undecided_drops.empty();
}

// A table that is not to be dropped remains a question: an entity must describe it.
bool ask_about_tables(Questions& questions, const change::SchemaChange& generated, diff::Answers& answers) {
  std::set<model::Name> renamed;
  for (const diff::TableRenameCandidate& candidate : generated.table_candidates) {
    if (renamed.contains(candidate.from) || renamed.contains(candidate.to)) continue;
    const std::optional<bool> yes = questions.is_rename(candidate);
    if (!yes) return false;
    auto& list = *yes ? answers.table_renames : answers.not_table_renames;
    list.push_back({candidate.from, candidate.to});
    if (*yes) renamed.insert({candidate.from, candidate.to});
  }
  for (const model::Name& table : generated.undecided_drops) {
    if (!questions.is_dropped(table).value_or(false)) return false;
    answers.dropped_tables.push_back(table);
  }
  return true;
}

}  // namespace

diff::Answers read_answers(const std::vector<TableColumnValue>& renames,
                           const std::vector<TableColumnValue>& not_renames,
                           const std::vector<TableColumnValue>& backfills, const std::vector<QualifiedName>& drops) {
  diff::Answers answers;
  const auto add = [](const std::string& option, const TableColumnValue& pair, auto& tables, auto& columns) {
    if (const auto rename = table_rename(pair)) {
      tables.push_back(*rename);
    } else {
      columns.push_back(column_rename(option, pair));
    }
  };
  for (const TableColumnValue& pair : renames) add("--rename", pair, answers.table_renames, answers.column_renames);
  for (const TableColumnValue& pair : not_renames) {
    add("--not-rename", pair, answers.not_table_renames, answers.not_renames);
  }
  for (const QualifiedName& name : drops) {
    answers.dropped_tables.push_back(name.size() == 1 ? model::Name(name[0]) : model::Name(name[0], name[1]));
  }
  for (const TableColumnValue& backfill : backfills) {
    const model::Name table = table_of("--backfill", backfill, "T.C=EXPR");
    const std::string& column = backfill.path.back();
    if (answers.backfills.try_emplace({model::to_string(table), column}, backfill.value).second) continue;
    throw Error(ErrorKind::usage,
                "--backfill is given twice for column \"" + column + "\" of table \"" + model::to_string(table) + "\".")
        .with_remedy("Pass one expression for each column.");
  }
  return answers;
}

bool has_open_questions(const change::SchemaChange& generated) {
  return has_table_questions(generated) || !generated.rename_candidates.empty() || !generated.missing_backfills.empty();
}

void require_expressions(const diff::Answers& answers, const sql::Syntax& syntax) {
  for (const auto& [column, backfill] : answers.backfills) {
    if (sql::is_null_literal(backfill, syntax)) {
      throw Error(ErrorKind::usage,
                  "The answer NULL gives column \"" + column.second + "\" of table \"" + column.first + "\" no value.")
          .with_remedy("Pass an expression that has a value, or omit the answer if the column is nullable.");
    }
    const std::vector<sql::Token> tokens = sql::tokenize(backfill, syntax);
    const std::size_t end = tokens.empty() ? 0 : tokens.back().end();
    if (backfill.find_first_not_of(" \t\r\n", end) == std::string::npos) continue;
    throw Error(ErrorKind::usage, "The answer " + backfill + " ends in a comment.")
        .with_remedy("Pass only the expression.");
  }
}

bool answer(Questions& questions, const sql::Syntax& syntax, const change::SchemaChange& generated,
            diff::Answers& answers) {
  // Which columns are new is known only after all tables are decided.
  if (has_table_questions(generated)) return ask_about_tables(questions, generated, answers);
  if (!ask_about_renames(questions, generated, answers)) return false;
  // Whether a column is new is known only after its renames are decided.
  if (!generated.rename_candidates.empty()) return true;
  for (const diff::MissingBackfill& missing : generated.missing_backfills) {
    const std::optional<std::string> backfill = questions.backfill(missing);
    if (!backfill) return false;
    answers.backfills[{model::to_string(missing.table), missing.column}] = *backfill;
  }
  require_expressions(answers, syntax);
  return true;
}

Error undecided(const change::SchemaChange& generated) {
  std::string text = "Nothing was written: these questions need an answer.";
  for (const diff::TableRenameCandidate& candidate : generated.table_candidates) {
    text += "\n  " + question_text(candidate) + "\n    yes: " + rename_option("--rename", candidate) +
            "\n    no:  " + no_option(candidate);
  }
  for (const model::Name& table : generated.undecided_drops) {
    text +=
        "\n  " + drop_question(table) + "\n    yes: " + drop_option(table) +
        "\n    no:  describe it with an entity and list it in entities<...>(); with .synchronize = false, it is not "
        "changed";
  }
  for (const diff::RenameCandidate& candidate : generated.rename_candidates) {
    text += "\n  " + question_text(candidate) + "\n    yes: " + rename_option("--rename", candidate) +
            "\n    no:  " + rename_option("--not-rename", candidate);
  }
  for (const diff::MissingBackfill& missing : generated.missing_backfills) {
    text += "\n  " + question_text(missing) + "\n    " + backfill_option(missing);
  }
  return Error(ErrorKind::undecided, text)
      .with_remedy("Run the command again with these options, or run it in a terminal to be asked.");
}

Json questions_document(const change::SchemaChange& generated) {
  Json::List list;
  for (const diff::TableRenameCandidate& candidate : generated.table_candidates) {
    list.push_back(Json::Object{{"kind", "rename_table"},
                                {"question", question_text(candidate)},
                                {"from", model::to_string(candidate.from)},
                                {"to", model::to_string(candidate.to)},
                                {"options", Json::List{rename_option("--rename", candidate), no_option(candidate)}}});
  }
  for (const model::Name& table : generated.undecided_drops) {
    list.push_back(Json::Object{{"kind", "drop_table"},
                                {"question", drop_question(table)},
                                {"table", model::to_string(table)},
                                {"options", Json::List{drop_option(table)}}});
  }
  for (const diff::RenameCandidate& candidate : generated.rename_candidates) {
    list.push_back(Json::Object{
        {"kind", candidate.is_value ? "rename_enum_value" : "rename_column"},
        {"question", question_text(candidate)},
        {"table", model::to_string(candidate.table)},
        {"from", candidate.from.name},
        {"to", candidate.to.name},
        {"options", Json::List{rename_option("--rename", candidate), rename_option("--not-rename", candidate)}}});
  }
  for (const diff::MissingBackfill& missing : generated.missing_backfills) {
    list.push_back(Json::Object{{"kind", "backfill"},
                                {"question", question_text(missing)},
                                {"table", model::to_string(missing.table)},
                                {"column", missing.column},
                                {"options", Json::List{backfill_option(missing)}}});
  }
  return list;
}

std::vector<std::string> open_notes(const change::SchemaChange& generated) {
  std::vector<std::string> notes;
  for (const diff::TableRenameCandidate& candidate : generated.table_candidates) {
    notes.push_back("table \"" + model::to_string(candidate.from) + "\" is " +
                    (candidate.unmanaged ? "not touched" : "dropped") + " and \"" + model::to_string(candidate.to) +
                    "\" is created; if this is a rename, pass " + rename_option("--rename", candidate));
  }
  for (const diff::RenameCandidate& candidate : generated.rename_candidates) {
    if (candidate.is_value) {
      notes.push_back(owner_of_values(candidate) + " loses value '" + candidate.from.name + "' and gains '" +
                      candidate.to.name + "'; if this is a rename, pass " + rename_option("--rename", candidate));
      continue;
    }
    notes.push_back("column \"" + candidate.from.name + "\" of table \"" + model::to_string(candidate.table) +
                    "\" is dropped and \"" + candidate.to.name + "\" is added; if this is a rename, pass " +
                    rename_option("--rename", candidate));
  }
  for (const diff::MissingBackfill& missing : generated.missing_backfills) {
    notes.push_back("existing rows of table \"" + model::to_string(missing.table) +
                    "\" need a value for NOT NULL column \"" + missing.column + "\"; pass " + backfill_option(missing));
  }
  return notes;
}

std::vector<std::string> down_options(const change::SchemaChange& generated) {
  std::vector<std::string> options;
  for (const diff::MissingBackfill& missing : generated.down_backfills) options.push_back(backfill_option(missing));
  return options;
}

void omit_schema(diff::Answers& answers, const std::string& schema) {
  const auto omit = [&](model::Name& name) {
    if (name.schema == schema) name.schema.clear();
  };
  for (auto* renames : {&answers.table_renames, &answers.not_table_renames}) {
    for (diff::Answers::TableRename& rename : *renames) omit(rename.from), omit(rename.to);
  }
  for (auto* renames : {&answers.column_renames, &answers.not_renames}) {
    for (diff::Answers::ColumnRename& rename : *renames) omit(rename.table);
  }
}

diff::Answers reversed(const diff::Answers& answers) {
  diff::Answers result;
  for (const diff::Answers::TableRename& rename : answers.table_renames) {
    result.table_renames.push_back({rename.to, rename.from});
  }
  for (const diff::Answers::ColumnRename& rename : answers.column_renames) {
    model::Name old_table = rename.table;
    for (const diff::Answers::TableRename& other : answers.table_renames) {
      if (other.to == rename.table) old_table = other.from;
    }
    result.column_renames.push_back({old_table, rename.to, rename.from});
  }
  return result;
}

}  // namespace whimbrel::cli

#include "dialect/postgres/generate/sequence.h"

#include <charconv>
#include <cstdint>

#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/generate/preserved.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

struct Limits {
  std::string_view least, greatest;
};

Limits limits(std::string_view type) {
  if (type == "smallint") return {"-32768", "32767"};
  if (type == "integer") return {"-2147483648", "2147483647"};
  return {"-9223372036854775808", "9223372036854775807"};
}

/// Returns whether the server does not keep a bound by itself: one that is the type's limit follows the type.
bool changes_bound(std::string_view before, std::string_view limit_before, std::string_view after,
                   std::string_view limit_after) {
  const bool follows = before == limit_before;
  return follows ? after != limit_after : before != after;
}

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The branches of an IF, without its ELSE, for a position that new bounds exclude, which the server refuses. One that
/// is before them continues with the first number. One that is after them has given all of its numbers: it is as if it
/// had just given the last one, so that none is given again.
std::string move_into_bounds(const std::string& statement, const std::string& reference,
                             const model::Sequence& sequence) {
  const bool is_descending = sequence.increment.starts_with('-');
  const auto branch = [&](const std::string& comparison, const std::string& bound, bool is_used_up) {
    std::string text = "IF (SELECT last_value " + comparison + ' ' + bound + " FROM " + reference + ") THEN " +
                       statement + " RESTART WITH " + bound + ';';
    if (is_used_up) {
      text += " PERFORM setval(" + sql::quote_string(reference, postgres_syntax) + "::regclass, " + bound + ");";
    }
    return text;
  };
  return branch("<", sequence.least, is_descending) + " ELS" + branch(">", sequence.greatest, !is_descending) + " ELS";
}

}  // namespace

std::string options_text(const model::Sequence& sequence) {
  const bool is_descending = sequence.increment.starts_with('-');
  const Limits own = limits(sequence.type);
  const std::string_view usual_least = is_descending ? own.least : "1";
  const std::string_view usual_greatest = is_descending ? "-1" : own.greatest;
  std::string words;
  const auto add = [&](std::string_view word, std::string_view value, std::string_view usual) {
    if (value == usual) return;
    if (!words.empty()) words += ' ';
    words.append(word).append(value);
  };
  add("START WITH ", sequence.start, is_descending ? sequence.greatest : sequence.least);
  add("INCREMENT BY ", sequence.increment, "1");
  add("MINVALUE ", sequence.least, usual_least);
  add("MAXVALUE ", sequence.greatest, usual_greatest);
  add("CACHE ", sequence.cache, "1");
  add("CYCLE", "", sequence.cycles ? "no" : "");
  return words;
}

std::string nextval(const model::Sequence& sequence) {
  std::string name;
  bool has_backslash = false;
  for (const char c : sequence.reference) {
    name += c;
    if (c == '\'' || c == '\\') name += c;
    has_backslash = has_backslash || c == '\\';
  }
  return std::string("nextval(") + (has_backslash ? "E'" : "'") + name + "'::regclass)";
}

model::Object sequence_object(const model::Sequence& sequence) {
  model::Object object;
  object.kind = sequence_kind;
  object.name = sequence.name;
  object.definition = std::string(sequence.unlogged ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ") +
                      sequence.reference + (sequence.type == "bigint" ? "" : " AS " + sequence.type);
  if (const std::string options = options_text(sequence); !options.empty()) object.definition += ' ' + options;
  if (!sequence.comment.empty()) {
    object.definition +=
        ";\nCOMMENT ON SEQUENCE " + sequence.reference + " IS " + sql::quote_string(sequence.comment, postgres_syntax);
  }
  object.removal = "DROP SEQUENCE " + sequence.reference;
  object.sequence.value = sequence;
  return object;
}

model::Object ownership_object(const model::Sequence& sequence, const model::Name& table, const std::string& column) {
  model::Object object;
  object.kind = ownership_kind;
  object.name = sequence.name;
  object.definition = "ALTER SEQUENCE " + sequence.reference + " OWNED BY " + quote(table) + '.' +
                      sql::quote_identifier(column, postgres_syntax);
  object.removal = "ALTER SEQUENCE " + sequence.reference + " OWNED BY NONE";
  object.after_tables = true;
  object.uses.value = {{sequence.name, {}, sequence_kind}, {table, column, {}}};
  return object;
}

std::string give_away_sql(const std::string& reference, const model::Name& table) {
  return do_block(" BEGIN EXECUTE " + sql::quote_string("ALTER SEQUENCE " + reference + " OWNER TO ", postgres_syntax) +
                  " || quote_ident(pg_get_userbyid((SELECT relowner FROM pg_class WHERE oid = " +
                  sql::quote_string(quote(table), postgres_syntax) + "::regclass))); END ");
}

model::Sequence plain_sequence(const std::string& type) {
  model::Sequence sequence;
  sequence.type = type;
  sequence.start = sequence.increment = sequence.least = sequence.cache = "1";
  sequence.greatest = limits(type).greatest;
  return sequence;
}

std::string changed_options(const model::Sequence& before, const model::Sequence& after) {
  const Limits limits_before = limits(before.type);
  const Limits limits_after = limits(after.type);
  std::string words;
  const auto add = [&](bool changes, const std::string& text) {
    if (changes) words += (words.empty() ? "" : " ") + text;
  };
  add(before.increment != after.increment, "INCREMENT BY " + after.increment);
  add(changes_bound(before.least, limits_before.least, after.least, limits_after.least), "MINVALUE " + after.least);
  add(changes_bound(before.greatest, limits_before.greatest, after.greatest, limits_after.greatest),
      "MAXVALUE " + after.greatest);
  add(before.start != after.start, "START WITH " + after.start);
  add(before.cache != after.cache, "CACHE " + after.cache);
  add(before.cycles != after.cycles, after.cycles ? "CYCLE" : "NO CYCLE");
  return words;
}

bool has_narrower_bounds(const model::Sequence& before, const model::Sequence& after) {
  return number(before.least) < number(after.least) || number(before.greatest) > number(after.greatest);
}

// https://www.postgresql.org/docs/current/sql-altersequence.html
void change_options(Statements& statements, const std::string& reference, const model::Sequence& before,
                    const model::Sequence& after) {
  std::string options = changed_options(before, after);
  if (before.type != after.type) options = "AS " + after.type + (options.empty() ? "" : " ") + options;
  if (options.empty()) return;
  const std::string statement = "ALTER SEQUENCE " + reference + ' ' + options;
  const bool is_narrower = has_narrower_bounds(before, after);
  if (before.start == after.start && !is_narrower) return statements.say(statement);
  std::string block;
  // One that is where it started begins anew.
  if (before.start != after.start) {
    block = " IF (SELECT NOT is_called AND last_value = " + before.start + " FROM " + reference + ") THEN " +
            statement + " RESTART; ELS";
  }
  if (is_narrower) block += (block.empty() ? " " : "") + move_into_bounds(statement, reference, after);
  statements.say(do_block(" BEGIN" + block + "E " + statement + "; END IF; END "));
}

void alter_sequence(Statements& statements, const model::Sequence& before, const model::Sequence& after) {
  change_options(statements, after.reference, before, after);
  if (before.unlogged != after.unlogged) {
    statements.say("ALTER SEQUENCE " + after.reference + (after.unlogged ? " SET UNLOGGED" : " SET LOGGED"));
  }
  if (before.comment != after.comment) {
    statements.say(comment_sql("SEQUENCE " + after.reference, after.comment));
  }
}

}  // namespace whimbrel::dialect::postgres

#include <algorithm>

#include "change/schema_source.h"
#include "cli/answers.h"
#include "cli/commands.h"
#include "cli/schema_json.h"
#include "cli/schema_text.h"
#include "dialect/url.h"
#include "session/url.h"

namespace whimbrel::cli {

namespace {

using change::SchemaChange;
using change::SchemaSource;

bool is_file(const std::string& side) { return side.ends_with(".sql") && side.find("://") == side.npos; }
bool is_database(const std::string& side) { return !is_entities(side) && !is_file(side); }

/// The script from one side to the other, and unsupported objects of both sides.
struct Compared {
  SchemaChange way;
  std::vector<SchemaSource> sources;  ///< Both sides, or the one that is not `entities`.
  std::vector<std::string> not_compared;
  std::string unverified{};  ///< A note: why the script was not verified, or what it leaves; empty: none.
  std::vector<sql::Statement> privileges{};  ///< The statements for owners and privileges, which follow the script.
  std::string default_schema_line{};         ///< As in Dialect.

  [[nodiscard]] const dialect::Dialect& dialect() const { return *sources.front().dialect; }
  [[nodiscard]] bool empty() const { return way.empty() && privileges.empty(); }
  [[nodiscard]] std::vector<sql::Statement> script() const {
    std::vector<sql::Statement> all = way.script.up;
    all.insert(all.end(), privileges.begin(), privileges.end());
    return all;
  }
};

class Comparing {
 public:
  Comparing(const SchemaContext& context, const Diff& arguments)
      : options_(context.options),
        arguments_(arguments),
        answers_(read_answers(arguments.renames, {}, arguments.backfills)) {}

  Compared run() {
    if (is_entities(arguments_.from) && is_entities(arguments_.to)) {
      throw Error(ErrorKind::usage, "Both sides are `entities`.")
          .with_remedy("Pass a database URL or a file for one side.");
    }
    if (is_entities(arguments_.to)) return with_entities(arguments_.from, answers_);
    if (!is_entities(arguments_.from)) return whole();
    Compared compared = with_entities(arguments_.to, reversed(answers_));
    compared.way = change::reversed(std::move(compared.way));
    return compared;
  }

  [[nodiscard]] const diff::Answers& answers() const { return answers_; }

 private:
  [[nodiscard]] Compared whole() {
    SchemaSource from = read(arguments_.from, arguments_.to);
    SchemaSource to = read(arguments_.to, arguments_.from);
    if (arguments_.privileges) require_privileges(*from.dialect);
    change::keep_schemas({&from, &to}, arguments_.schemas);
    std::vector<std::string> not_compared = from.unsupported_objects;
    for (const std::string& object : to.unsupported_objects) {
      if (std::find(not_compared.begin(), not_compared.end(), object) == not_compared.end()) {
        not_compared.push_back(object);
      }
    }
    require_expressions(answers_, from.dialect->syntax());
    omit_schema(answers_, from.dialect->default_schema(*from.connection));
    change::SchemaChange way = change::compare_whole(from, to, answers_);
    Compared compared{std::move(way), {}, std::move(not_compared)};
    compared.default_schema_line = from.dialect->default_schema_line(*from.connection);
    compared.sources.push_back(std::move(from));
    compared.sources.push_back(std::move(to));
    return compared;
  }

  /// Unmanaged objects are not touched, as in `makemigrations`.
  [[nodiscard]] Compared with_entities(const std::string& side, const diff::Answers& answers) const {
    if (!arguments_.schemas.empty()) {
      throw Error(ErrorKind::usage,
                  "--schema cannot be used with `entities`: that comparison already covers only the schemas that the "
                  "entities use.")
          .with_remedy("Remove --schema.");
    }
    if (arguments_.privileges) {
      throw Error(ErrorKind::usage,
                  "--privileges cannot be used with `entities`, which do not describe owners and privileges.")
          .with_remedy("Remove --privileges, or compare two databases.");
    }
    DataSourceOptions options = options_;
    options.connection = {};
    if (is_database(side)) options.url = side;
    SchemaSource source = read(side, options.url);
    session::Session session(std::move(options), session::Access::read_only);
    std::string default_schema_line = source.dialect->default_schema_line(*source.connection);
    session.connect_to(std::move(source.connection));
    require_expressions(answers, source.dialect->syntax());
    Compared compared{change::generate(session, answers), {}, std::move(source.unsupported_objects)};
    compared.default_schema_line = std::move(default_schema_line);
    if (arguments_.verify && !has_open_questions(compared.way)) {
      compared.unverified = change::verify(session, compared.way, 0).not_tried;
      if (!compared.unverified.empty()) compared.unverified.insert(0, "not verified: ");
    }
    compared.sources.push_back(std::move(source));
    // diff itself drops nothing: tables that its script drops are among the losses.
    compared.way.undecided_drops.clear();
    return compared;
  }

  [[nodiscard]] SchemaSource read(const std::string& side, const std::string& other) const {
    if (!is_file(side)) {
      // Those of two databases are always compared, but a file is loaded with its privileges only if they are wanted.
      const bool with_privileges = arguments_.privileges || (is_database(side) && is_database(other));
      SchemaSource source = change::read_database(options_.drivers, checked(side), with_privileges);
      if (!arguments_.scratch.empty()) source.scratch_url = arguments_.scratch;
      return source;
    }
    const std::string& url = !arguments_.scratch.empty() ? arguments_.scratch : other;
    return change::read_script(
        driver_for(url), url, side,
        arguments_.privileges ? dialect::ScriptContent::schema_and_privileges : dialect::ScriptContent::schema);
  }

  static void require_privileges(const dialect::Dialect& dialect) {
    if (dialect.has(model::Feature::privileges)) return;
    throw Error(ErrorKind::usage, std::string(dialect.title()) + " has no owners and privileges.")
        .with_remedy("Remove --privileges.");
  }

  [[nodiscard]] static const std::string& checked(const std::string& side) {
    if (side.find(':') != side.npos) return side;
    const std::string shown = dialect::without_password(side);
    throw Error(ErrorKind::usage, '"' + shown + "\" is neither a database URL nor an .sql file.")
        .with_remedy("Pass a URL (sqlite:" + shown + "), a file whose name ends in .sql, or `entities`.");
  }

  /// The driver that runs a script: the one for the URL, or the only one.
  [[nodiscard]] const Driver& driver_for(const std::string& url) const {
    if (is_database(url) && !url.empty()) return session::find_driver(options_.drivers, checked(url));
    if (options_.drivers.size > 1) {
      throw Error(ErrorKind::usage, "Cannot tell which database the .sql files are for.")
          .with_remedy("Pass --scratch URL; the files are loaded into a scratch database of that kind.");
    }
    return options_.drivers.size == 0 ? session::find_driver(options_.drivers, url) : **options_.drivers.begin();
  }

  const DataSourceOptions& options_;
  const Diff& arguments_;
  diff::Answers answers_;
};

void verify_script(Compared& compared, bool is_way_back) {
  const SchemaSource& from = compared.sources.front();
  const SchemaSource& to = compared.sources.back();
  const sql::Script& script = compared.way.script;
  compared.unverified =
      is_way_back ? change::verify_way_back(to, script.down, script.up) : change::verify_whole(from, to, script.up);
}

/// Adds the statements for owners and privileges, or a note that there would be some.
void add_privileges(Compared& compared, const Diff& arguments) {
  if (compared.sources.size() != 2) return;
  const SchemaSource& from = compared.sources.front();
  const SchemaSource& to = compared.sources.back();
  dialect::PrivilegeChange change = change::compare_privileges(from, to, compared.way);
  std::vector<std::string>& notes = compared.way.notes;
  if (!arguments.privileges) {
    if (change.is_difference) notes.emplace_back("owners or privileges differ; --privileges compares them");
    return;
  }
  compared.privileges = std::move(change.statements);
  notes.insert(notes.end(), change.notes.begin(), change.notes.end());
  if (!is_database(arguments.from) || !is_database(arguments.to)) {
    notes.emplace_back(
        "owners and default privileges are not compared, because an SQL file's statements for them are skipped");
  }
}

void show_remarks(const Console& console, const Compared& compared, const Diff& arguments) {
  const SchemaChange& way = compared.way;
  for (const std::string& loss : way.losses) console.warning("data loss if there are rows: " + loss);
  for (const std::string& note : way.notes) console.note(note);
  for (const std::string& note : open_notes(way)) console.note(note);
  if (!compared.unverified.empty()) console.note(compared.unverified);
  for (const std::string& object : compared.not_compared) console.note("not compared (unsupported): " + object);
  if (arguments.all) {
    for (const std::string& object : way.unmanaged) console.note("unmanaged, not touched: " + object);
  } else if (!way.unmanaged.empty()) {
    console.note(count_text(way.unmanaged.size(), "unmanaged object") + " not touched; list them with --all");
  }
}

Json document(const Compared& compared, const std::vector<std::string>& script) {
  Json::List changes;
  for (const operation::Operation& operation : change::displayed_operations(compared.way)) {
    changes.push_back(change_document(operation));
  }
  Json::List privileges;
  for (const sql::Statement& statement : compared.privileges) privileges.push_back(statement.description);
  return Json::Object{{"equal", compared.empty()},
                      {"changes", changes},
                      {"privileges", privileges},
                      {"sql", script},
                      {"losses", compared.way.losses},
                      {"notes", compared.way.notes},
                      {"questions", questions_document(compared.way)},
                      {"unmanaged", compared.way.unmanaged},
                      {"not_compared", compared.not_compared},
                      {"unverified", compared.unverified}};
}

}  // namespace

ExitCode execute(const SchemaContext& context, const Diff& arguments) {
  const Console& console = context.console;
  Comparing comparing(context, arguments);
  Compared compared = comparing.run();
  require_effect(compared.dialect(), comparing.answers(), compared.way);
  if (arguments.down) {
    compared.way = change::reversed(std::move(compared.way));
    std::reverse(compared.sources.begin(), compared.sources.end());
  }
  if (arguments.verify && compared.sources.size() == 2) verify_script(compared, arguments.down);
  add_privileges(compared, arguments);
  const sql::ShellScript shell = compared.dialect().as_script(compared.script());
  const std::vector<std::string> script = texts(shell.statements);
  const Format format =
      console.json ? Format::json : arguments.format.value_or(console.terminal ? Format::human : Format::sql);
  if (format == Format::json) {
    console.document(document(compared, script));
  } else if (format == Format::human) {
    console.text(changes_text(change::displayed_operations(compared.way), console.style) +
                 privileges_text(compared.privileges, console.style));
  } else {
    const std::string first_line = script.empty() ? std::string() : compared.default_schema_line;
    console.source(shell.beginning + first_line + script_text(script, compared.dialect().syntax()));
  }
  show_remarks(console, compared, arguments);
  return arguments.exit_code && !compared.empty() ? differences_found : done;
}

}  // namespace whimbrel::cli

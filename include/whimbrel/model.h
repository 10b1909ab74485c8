#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// A schema as values. Entities are lowered to it, databases are read into it; nothing that works on it knows where it
/// came from. Expressions (defaults, checks, predicates) are SQL text as the database spells it.
namespace whimbrel::model {

/// A value that takes no part in comparisons.
template <class T>
struct Aside {
  T value{};
  bool operator==(const Aside&) const { return true; }
};

/// The name of a table or view. The schema is empty where the database has none, or for its default one.
struct Name {
  std::string schema;
  std::string name;

  Name() = default;
  Name(std::string only_name) : name(std::move(only_name)) {}
  Name(const char* only_name) : name(only_name) {}
  Name(std::string schema_name, std::string own_name) : schema(std::move(schema_name)), name(std::move(own_name)) {}
  auto operator<=>(const Name&) const = default;
};

/// Something in a schema that SQL can use.
struct Reference {
  Name name;           ///< Of a table, a view, an enum or an object; of its table if it is a constraint.
  std::string column;  ///< Empty: the whole. Of a constraint: its name.
  std::string kind;    ///< Empty: a table or view; `enum`, `constraint`; else Object::kind.
  auto operator<=>(const Reference&) const = default;
};

/// What SQL uses, sorted. Nothing: the database has not been asked, or cannot say.
using Uses = Aside<std::optional<std::vector<Reference>>>;

/// A column type in the database's own words: `varchar`, `decimal` with arguments 10 and 2, `time` with argument 3 and
/// the suffix `with time zone`.
struct Type {
  std::string name;
  std::vector<std::uint32_t> arguments;
  std::string suffix{};  ///< The words after the arguments: `unsigned`; empty: none.
  bool operator==(const Type&) const = default;
};

/// A column whose value is computed from others.
struct Computed {
  std::string expression;
  bool stored = false;
  Uses uses;
  bool operator==(const Computed&) const = default;
};

struct Column {
  std::string name;
  Type type;
  bool nullable = false;
  bool auto_increment = false;
  std::optional<std::string> default_expression;  ///< Without the parentheses around the whole.
  std::vector<std::string> enum_values;           ///< The only values that the column takes; empty if it is no enum.
  std::optional<Computed> computed;
  std::string collation;             ///< Empty: the database's default.
  std::string comment;               ///< Empty: none.
  std::string not_null_on_conflict;  ///< SQLite's ON CONFLICT action of NOT NULL; empty: none is written.
  std::string charset;               ///< Empty: the table's.
  std::string on_update;             ///< SQL for the value that each change of a row sets; empty: none.
  std::string enum_name;             ///< Of the type of the enum; empty: it has none of its own.
  bool identity = false;             ///< It counts up as an identity column.
  bool identity_always = false;      ///< Only the database gives it values: GENERATED ALWAYS.
  Aside<std::string> sequence;       ///< The sequence that it counts up by, quoted, if that was read from a database.
  std::string sequence_options;      ///< How it counts up, in the words of CREATE SEQUENCE; empty: by one from one.
  Aside<std::string> member;         ///< The member that describes it, `User::mail`; empty: none does.
  Uses type_uses;                    ///< Of its type.
  Uses default_uses;                 ///< Of its default.
  bool operator==(const Column&) const = default;
};

/// Where NULLs stand.
enum class NullOrder { by_default, first, last };

/// A column or an expression in a key or an index.
struct KeyPart {
  std::string column;      ///< Empty if the part is an expression.
  std::string expression;  ///< Empty if the part is a column.
  std::string collation;   ///< Empty: the column's.
  bool descending = false;
  NullOrder nulls = NullOrder::by_default;
  std::string operator_class;           ///< Empty: the type's default.
  std::optional<std::uint32_t> length;  ///< How much of each value is in the key, where that can be a part; none: all.

  KeyPart() = default;
  KeyPart(std::string column_name) : column(std::move(column_name)) {}
  KeyPart(const char* column_name) : column(column_name) {}
  bool operator==(const KeyPart&) const = default;
};

/// The name of a constraint or index. A derived one was made by a naming strategy, not given by a person: it is not
/// compared, what the constraint says is.
struct ConstraintName {
  std::string text;  ///< Empty: the database names it, or it has no name.
  Aside<bool> derived;

  ConstraintName() = default;
  ConstraintName(std::string name) : text(std::move(name)) {}
  ConstraintName(const char* name) : text(name) {}
  static ConstraintName make_derived(std::string name) {
    ConstraintName result(std::move(name));
    result.derived.value = true;
    return result;
  }
  bool operator==(const ConstraintName&) const = default;
};

/// When a constraint is checked: at each statement, or by default at the commit.
enum class Deferral { not_deferrable, initially_immediate, initially_deferred };

struct PrimaryKey {
  ConstraintName name;
  std::vector<KeyPart> columns;
  std::string on_conflict;  ///< SQLite: REPLACE, IGNORE, FAIL, ABORT, ROLLBACK; empty: none is written.
  Deferral deferral = Deferral::not_deferrable;
  std::vector<std::string> included;  ///< Columns that its index only carries along.
  bool operator==(const PrimaryKey&) const = default;
};

struct Unique {
  ConstraintName name;
  std::vector<KeyPart> columns;
  std::string on_conflict;
  Deferral deferral = Deferral::not_deferrable;
  bool nulls_not_distinct = false;
  std::vector<std::string> included;  ///< Columns that its index only carries along.
  bool operator==(const Unique&) const = default;
};

struct Check {
  ConstraintName name;
  std::string expression;
  bool not_valid = false;   ///< The rows that were there when it was made were not looked at.
  bool no_inherit = false;  ///< Tables that inherit from this one have it not.
  Uses uses;
  bool operator==(const Check&) const = default;
};

/// What no two rows may have, as PostgreSQL says it: `USING gist (room WITH =)`.
struct Exclusion {
  ConstraintName name;
  std::string definition;
  Deferral deferral = Deferral::not_deferrable;
  Uses uses;
  bool operator==(const Exclusion&) const = default;
};

enum class ReferentialAction { no_action, restrict, cascade, set_null, set_default };

struct ForeignKey {
  ConstraintName name;
  std::vector<std::string> columns;
  Name referenced_table;
  std::vector<std::string> referenced_columns;  ///< Empty: the primary key of the referenced table (SQLite).
  ReferentialAction on_delete = ReferentialAction::no_action;
  ReferentialAction on_update = ReferentialAction::no_action;
  Deferral deferral = Deferral::not_deferrable;
  std::string match;                     ///< FULL, PARTIAL, SIMPLE; empty: none is written.
  bool not_valid = false;                ///< The rows that were there when it was made were not looked at.
  std::vector<std::string> set_columns;  ///< The columns that ON DELETE SET NULL or SET DEFAULT sets; empty: all.
  bool operator==(const ForeignKey&) const = default;
};

struct Index {
  ConstraintName name;
  std::vector<KeyPart> columns;
  bool unique = false;
  std::string where;                  ///< The predicate of a partial index; empty: none.
  std::string method;                 ///< Empty: the database's default.
  std::string parser;                 ///< Of a full-text index; empty: the default.
  std::vector<std::string> included;  ///< Columns that are only carried along.
  bool nulls_not_distinct = false;
  Aside<std::string> definition;   ///< The statement that made it, if it was read from a database.
  std::string storage_parameters;  ///< What WITH says: `fillfactor=70`; empty: nothing.
  bool invalid = false;            ///< Making it failed halfway: it is there, and is not used.
  Aside<bool> concurrent;          ///< To be made while rows are written, where the database can.
  Uses uses;                       ///< In its key and its predicate, and those that are carried along.
  bool operator==(const Index&) const = default;
};

/// A trigger is nothing that entities describe: it is carried as the statement that makes it.
struct Trigger {
  std::string name;
  std::string definition;
  Uses uses;
  bool operator==(const Trigger&) const = default;
};

struct Table {
  Name name;
  std::vector<Column> columns;  ///< In their physical order.
  std::optional<PrimaryKey> primary_key;
  std::vector<Unique> uniques;
  std::vector<Check> checks;
  std::vector<Exclusion> exclusions;
  std::vector<ForeignKey> foreign_keys;
  std::vector<Index> indexes;
  std::vector<Trigger> triggers;
  std::vector<Name> inherits;                  ///< The tables whose columns it has too; of a partition, the whole.
  std::map<std::string, std::string> options;  ///< The dialect's words: `STRICT`, `WITHOUT ROWID` with an empty value.
  std::string comment;
  Aside<std::string> definition;       ///< The statement that makes exactly this table, if it was read from a database.
  Aside<std::string> entity;           ///< The class that describes it; empty: none does.
  Aside<std::string> parts_elsewhere;  ///< Its partitions in schemas that were not read, which go with it.
  bool operator==(const Table&) const = default;

  [[nodiscard]] const Column* find_column(const std::string& column) const;
  [[nodiscard]] Column* find_column(const std::string& column);
};

struct View {
  Name name;
  std::string definition;         ///< The statement that makes it.
  std::vector<Trigger> triggers;  ///< INSTEAD OF.
  bool materialized = false;
  std::vector<Index> indexes;  ///< Of a materialized view.
  std::string comment;
  Aside<std::string> entity;  ///< The class that describes it; empty: none does.
  Uses uses;
  bool operator==(const View&) const = default;
};

/// A type of its own whose values are words, in their order.
struct Enum {
  Name name;
  std::vector<std::string> values;
  Aside<bool> derived;  ///< A naming strategy made the name: it is not compared, the values are.
  bool operator==(const Enum&) const = default;
};

/// What no entity describes and no other part of a schema says: a sequence, a domain, a function, a policy. It is
/// carried as the statements that make it.
struct Object {
  std::string kind;           ///< The database's word: `function`.
  Name name;                  ///< With what else tells it from others: `total(integer)`, `policy of table`.
  std::string definition;     ///< The statements that make it, separated by `;` and a line break.
  std::string removal;        ///< The statement that drops it.
  bool after_tables = false;  ///< Is it made after the tables, and dropped before them?
  Uses uses;
  Aside<std::string> filling;               ///< The statement that fills it from what it indexes, once it is made.
  Aside<std::string> rows;                  ///< What of it nothing can make again, in words; empty: nothing.
  Aside<std::vector<std::string>> columns;  ///< If it has rows: the columns whose values another definition can take.
  bool operator==(const Object&) const = default;
};

struct Schema {
  std::vector<Table> tables;
  std::vector<View> views;           ///< Each after those that it selects from.
  std::vector<std::string> schemas;  ///< Those besides the default one.
  std::vector<Enum> enums;
  std::vector<Object> objects;  ///< Each after those that it uses.
  bool operator==(const Schema&) const = default;

  [[nodiscard]] const Table* find_table(const Name& table) const;
  [[nodiscard]] Table* find_table(const Name& table);
  [[nodiscard]] const Enum* find_enum(const Name& type) const;
};

/// The schema in one fixed order: tables, views, constraints, indexes and triggers by name and content, columns as they
/// are. Two schemas say the same when their canonical forms are equal.
[[nodiscard]] Schema canonical(Schema schema);

/// `"schema"."name"` in words, for messages: `name`, or `schema.name`.
[[nodiscard]] std::string to_string(const Name& name);
/// `decimal(10,2)`.
[[nodiscard]] std::string to_string(const Type& type);
/// The columns of a key, by name; expressions as they are.
[[nodiscard]] std::vector<std::string> column_names(const std::vector<KeyPart>& parts);

}  // namespace whimbrel::model

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// A schema as values. Entities are lowered to it and databases are read into it; code that works on it does not know
/// where it came from. Expressions (defaults, checks, predicates) are SQL text as the database stores it.
namespace whimbrel::model {

/// A value that operator== ignores.
template <class T>
struct Aside {
  T value{};
  bool operator==(const Aside&) const { return true; }
};

/// The name of a table or view. The schema is empty if the database has no schemas, or for the default schema.
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
  Name name;           ///< The table, view, enum or object; of a constraint, its table.
  std::string column;  ///< Empty: the object itself. Of a constraint: its name.
  std::string kind;    ///< Empty: a table or view; `enum`, `constraint`; otherwise Object::kind.
  auto operator<=>(const Reference&) const = default;
};

/// What an SQL expression or statement uses, sorted. None: the database has not been asked, or cannot tell.
using Uses = Aside<std::optional<std::vector<Reference>>>;

/// A column type as the database names it: `varchar`, `decimal` with arguments 10 and 2, `time` with argument 3 and the
/// suffix `with time zone`.
struct Type {
  std::string name;
  std::vector<std::uint32_t> arguments;
  std::string suffix{};  ///< The words after the arguments: `unsigned`; empty: none.
  bool operator==(const Type&) const = default;
};

/// The expression of a generated column, which is computed from other columns.
struct Computed {
  std::string expression;
  bool stored = false;
  Uses uses;
  bool operator==(const Computed&) const = default;
};

/// A sequence, which generates numbers. The numbers in it are text, as the database has them.
struct Sequence {
  Name name;
  std::string reference;  ///< Its name as the database spells it in SQL.
  std::string type;       ///< Empty: only its name is known.
  std::string start, increment, least, greatest, cache;
  bool cycles = false;
  bool unlogged = false;
  std::string comment;       ///< Empty: none.
  Aside<std::string> owner;  ///< As in Table.
  bool operator==(const Sequence&) const = default;
};

struct Column {
  std::string name;
  Type type;
  bool nullable = false;
  bool auto_increment = false;
  std::optional<std::string> default_expression;  ///< Without outer parentheses.
  std::vector<std::string> enum_values;           ///< The values of an enum column; empty if it is not an enum.
  std::optional<Computed> computed;
  std::string collation;             ///< Empty: the database's default.
  std::string comment;               ///< Empty: none.
  std::string not_null_on_conflict;  ///< SQLite's ON CONFLICT action of NOT NULL; empty: none.
  std::string charset;               ///< Empty: the table's.
  std::string on_update;             ///< The ON UPDATE value, an SQL expression; empty: none.
  std::string enum_name;             ///< The named type of the enum; empty: none.
  bool identity = false;             ///< It is an identity column.
  bool identity_always = false;      ///< It is GENERATED ALWAYS: statements cannot set it.
  /// If read from a database, the sequence that generates its values and is dropped with it. A column that does not
  /// auto-increment can have one, too, that only other statements use.
  Aside<std::optional<Sequence>> sequence;
  std::string sequence_options;  ///< The options of its sequence, as in CREATE SEQUENCE; empty: the defaults.
  Aside<std::string> member;     ///< The member that describes it, `User::mail`; empty: none.
  /// If the member is an enum, its enumerators: their names and their numbers.
  Aside<std::vector<std::pair<std::string, std::string>>> enumerators;
  /// If its type is a domain, the type of the values (only if read from a database).
  Aside<std::optional<Type>> base_type;
  Uses type_uses;           ///< What its type uses.
  Uses default_uses;        ///< What its default uses.
  Aside<bool> own_storage;  ///< If true, its storage is not its type's default (only if read from a database).
  Aside<bool> of_parent;    ///< If true, a parent table adds and drops it, and only its NOT NULL is its own.
  bool operator==(const Column&) const = default;
};

/// NULLS FIRST or NULLS LAST.
enum class NullOrder { by_default, first, last };

/// A column or an expression in a key or an index.
struct KeyPart {
  std::string column;      ///< Empty if the part is an expression.
  std::string expression;  ///< Empty if the part is a column.
  std::string collation;   ///< Empty: the column's.
  bool descending = false;
  NullOrder nulls = NullOrder::by_default;
  std::string operator_class;           ///< Empty: the type's default.
  std::optional<std::uint32_t> length;  ///< The prefix length; none: the whole value.

  KeyPart() = default;
  KeyPart(std::string column_name) : column(std::move(column_name)) {}
  KeyPart(const char* column_name) : column(column_name) {}
  bool operator==(const KeyPart&) const = default;
};

/// The name of a constraint or index. A derived name comes from a naming strategy, not from a user: it is not compared,
/// only the definition of the constraint is.
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

/// Whether the check of a constraint can be deferred to the commit.
enum class Deferral { not_deferrable, initially_immediate, initially_deferred };

struct PrimaryKey {
  ConstraintName name;
  std::vector<KeyPart> columns;
  std::string on_conflict;  ///< SQLite: REPLACE, IGNORE, FAIL, ABORT, ROLLBACK; empty: none.
  Deferral deferral = Deferral::not_deferrable;
  std::vector<std::string> included;  ///< The INCLUDE columns of its index.
  bool operator==(const PrimaryKey&) const = default;
};

struct Unique {
  ConstraintName name;
  std::vector<KeyPart> columns;
  std::string on_conflict;
  Deferral deferral = Deferral::not_deferrable;
  bool nulls_not_distinct = false;
  std::vector<std::string> included;  ///< The INCLUDE columns of its index.
  bool operator==(const Unique&) const = default;
};

struct Check {
  ConstraintName name;
  std::string expression;
  bool not_valid = false;   ///< NOT VALID: existing rows were not checked.
  bool no_inherit = false;  ///< NO INHERIT: child tables do not have it.
  Uses uses;
  bool operator==(const Check&) const = default;
};

/// An exclusion constraint, in PostgreSQL's syntax: `USING gist (room WITH =)`.
struct Exclusion {
  ConstraintName name;
  std::string definition;
  Deferral deferral = Deferral::not_deferrable;
  Uses uses;
  bool operator==(const Exclusion&) const = default;
};

enum class ReferentialAction { no_action, restrict, cascade, set_null, set_default };

/// MariaDB and MySQL: actions that the servers report as RESTRICT, which is NO ACTION there.
struct Restricted {
  bool on_delete = false;
  bool on_update = false;
};

struct ForeignKey {
  ConstraintName name;
  std::vector<std::string> columns;
  Name referenced_table;
  std::vector<std::string> referenced_columns;  ///< Empty: the primary key of the referenced table (SQLite).
  ReferentialAction on_delete = ReferentialAction::no_action;
  ReferentialAction on_update = ReferentialAction::no_action;
  Aside<Restricted> restricted;
  Deferral deferral = Deferral::not_deferrable;
  std::string match;                     ///< FULL, PARTIAL, SIMPLE; empty: none.
  bool not_valid = false;                ///< NOT VALID: existing rows were not checked.
  std::vector<std::string> set_columns;  ///< The columns that ON DELETE SET NULL or SET DEFAULT sets; empty: all.
  bool operator==(const ForeignKey&) const = default;
};

struct Index {
  ConstraintName name;
  std::vector<KeyPart> columns;
  bool unique = false;
  std::string where;                  ///< The predicate of a partial index; empty: none.
  std::string method;                 ///< Empty: the database's default.
  std::string parser;                 ///< The parser of a full-text index; empty: the default.
  std::vector<std::string> included;  ///< INCLUDE columns.
  bool nulls_not_distinct = false;
  Aside<std::string> definition;   ///< The statement that created it, if read from a database.
  std::string storage_parameters;  ///< The WITH clause: `fillfactor=70`; empty: none.
  bool invalid = false;            ///< Its creation failed, and queries do not use it.
  Aside<bool> concurrent;          ///< To be created concurrently, if the database can.
  Uses uses;                       ///< Of its key, its predicate and its INCLUDE columns.
  bool operator==(const Index&) const = default;
};

/// A trigger, which entities cannot describe: it is stored as the statement that creates it.
struct Trigger {
  std::string name;
  std::string definition;
  Uses uses;
  std::string session{};  ///< Assignments to variables of the session that creates it: `sql_mode = ''`; empty: none.
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
  std::vector<Name> inherits;                  ///< Its parent tables; for a partition, the partitioned table.
  std::map<std::string, std::string> options;  ///< As the dialect names them: `STRICT` with an empty value.
  std::string comment;
  Aside<std::string> definition;       ///< The statement that creates exactly this table, if read from a database.
  Aside<std::string> entity;           ///< The class that describes it; empty: none.
  Aside<std::string> parts_elsewhere;  ///< Its partitions in schemas that were not read, which are dropped with it.
  Aside<std::vector<std::string>> key_columns;  ///< The columns that its partition key uses.
  Aside<std::shared_ptr<const Table>> apart;    ///< The table, detached from its parents; null: none, or unknown.
  Aside<std::string> owner;  ///< Its owner, if that is another role than the reader; empty: the reader.
  bool operator==(const Table&) const = default;

  [[nodiscard]] const Column* find_column(const std::string& column) const;
  [[nodiscard]] Column* find_column(const std::string& column);
};

struct View {
  Name name;
  std::string definition;         ///< The statement that creates it.
  std::vector<Trigger> triggers;  ///< Its INSTEAD OF triggers.
  bool materialized = false;
  std::vector<Index> indexes;  ///< Of a materialized view.
  std::string comment;
  Aside<std::string> entity;   ///< The class that describes it; empty: none.
  Aside<std::string> session;  ///< Assignments to variables of the session that creates it; empty: none.
  Uses uses;
  Aside<std::vector<Column>> columns;  ///< Their names, types and collations; empty: unknown.
  bool operator==(const View&) const = default;
};

/// A named enum type.
struct Enum {
  Name name;
  std::vector<std::string> values;
  Aside<bool> derived;  ///< The name comes from a naming strategy and is not compared.
  bool operator==(const Enum&) const = default;
};

/// What a domain or a composite type consists of.
struct TypeContents {
  /// Of a composite type. A domain has one without a name: its base type, its default, and whether it accepts NULL.
  std::vector<Column> attributes;
  std::vector<Check> checks;  ///< Of a domain, as in ALTER DOMAIN: `CHECK (VALUE > 0)`.
  bool operator==(const TypeContents&) const = default;
};

/// How an object that exists can get a definition without being recreated.
struct Alteration {
  std::string fixed;          ///< Text that differs if that is impossible.
  std::int64_t defaults = 0;  ///< The number of a routine's parameters with a default, which cannot decrease.
  std::string statement;      ///< The statement; empty: that of `definition`.
};

/// An object that entities cannot describe and that has no type of its own here: a sequence, a domain, a function, a
/// policy. It is stored as the statements that create it.
struct Object {
  std::string kind;           ///< As the database names it: `function`.
  Name name;                  ///< With everything that identifies it: `total(integer)`, `policy of table`.
  std::string definition;     ///< The statements that create it, separated by `;` and a line break.
  std::string removal;        ///< The statement that drops it; empty: nothing drops it.
  bool after_tables = false;  ///< If true, it is created after the tables and dropped before them.
  bool after_views = false;   ///< If true, it is created after the views: it restricts the rows that queries see.
  Uses uses;
  std::string session{};  ///< Assignments to variables of the session that creates it: `sql_mode = ''`; empty: none.
  Aside<std::string> implied;               ///< The part of its definition that the server added; empty: none.
  Aside<std::string> filling;               ///< The statement that populates it after creation from what it indexes.
  Aside<std::string> move;                  ///< The statement that moves it to its schema; empty: it cannot be moved.
  Aside<std::string> rows;                  ///< Display text of the data in it that cannot be recreated; empty: none.
  Aside<std::vector<std::string>> columns;  ///< The columns whose values can be kept if its definition changes.
  Aside<std::int64_t> number;               ///< The database's identifier (OID), which survives a rename; 0: none.
  Aside<std::optional<Sequence>> sequence;  ///< If it is a sequence.
  Aside<std::optional<TypeContents>> type;  ///< If it is a domain or a composite type.
  Aside<std::optional<Alteration>> alteration;  ///< Nullopt: what can be changed in place, follows from its kind.
  bool operator==(const Object&) const = default;
};

struct Schema {
  std::vector<Table> tables;
  std::vector<View> views;           ///< Each after the views that it selects from.
  std::vector<std::string> schemas;  ///< All except the default one.
  std::vector<Enum> enums;
  std::vector<Object> objects;  ///< Each after the objects that it uses.
  bool operator==(const Schema&) const = default;

  [[nodiscard]] const Table* find_table(const Name& table) const;
  [[nodiscard]] Table* find_table(const Name& table);
  [[nodiscard]] const Enum* find_enum(const Name& type) const;
};

/// Sorts tables, views, constraints, indexes and triggers by name and content; columns keep their order. Two schemas
/// are equivalent if their canonical forms are equal.
[[nodiscard]] Schema canonical(Schema schema);

/// Returns a name for messages: `name`, or `schema.name`.
[[nodiscard]] std::string to_string(const Name& name);
/// `decimal(10,2)`.
[[nodiscard]] std::string to_string(const Type& type);
/// Returns the names of the columns of a key, and its expressions as text.
[[nodiscard]] std::vector<std::string> column_names(const std::vector<KeyPart>& parts);

}  // namespace whimbrel::model

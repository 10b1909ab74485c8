#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "whimbrel/entity.h"

/// Entities that say what TypeORM's do (data/typeorm/library.mjs).
namespace whimbrel::test::library {

using Seconds = std::chrono::sys_seconds;

/// The entities have changed since TypeORM's database was made.
inline bool grown = false;

enum class Server { none, postgres, mariadb, mysql };

/// Some types and expressions have other names there.
inline Server server = Server::none;

[[nodiscard]] inline bool on_postgres() { return server == Server::postgres; }
[[nodiscard]] inline bool on_mysql() { return server == Server::mariadb || server == Server::mysql; }
/// What only their columns have.
[[nodiscard]] inline Text on_mysql(const char* text) { return on_mysql() ? Text(text) : Text(); }

struct Dated {
  std::int32_t id{};
  Seconds created_at;
  Seconds updated_at;
  std::int32_t version{};

  static void describe(Entity<Dated>& dated) {
    dated.primary_generated<&Dated::id>();
    dated.create_date<&Dated::created_at>({.name = "createdAt"});
    dated.update_date<&Dated::updated_at>({.name = "updatedAt", .on_update = on_mysql("CURRENT_TIMESTAMP(6)")});
    dated.version<&Dated::version>();
  }
};

struct Country {
  std::string code;
  std::string name;

  static void describe(Entity<Country>& country) {
    country.primary_column<&Country::code>({.length = 2});
    country.column<&Country::name>({.unique = true});
  }
};

struct Publisher : Dated {
  std::string name;
  std::reference_wrapper<Country> country;

  static void describe(Entity<Publisher>& publisher) {
    publisher.inherits<Dated>();
    publisher.column<&Publisher::name>({.length = 80});
    publisher.many_to_one<&Publisher::country>({.on_delete = OnDelete::restrict});
    publisher.index<&Publisher::name, &Publisher::country>();
  }
};

struct Author : Dated {
  std::string first_name;
  std::string last_name;
  std::string full_name;
  std::optional<Seconds> deleted_at;

  static void describe(Entity<Author>& author) {
    author.inherits<Dated>();
    author.column<&Author::first_name>({.name = "firstName"});
    author.column<&Author::last_name>({.name = "lastName"});
    author.column<&Author::full_name>(
        {.name = "fullName",
         .computed = on_mysql() ? "concat(`firstName`, ' ', `lastName`)" : R"("firstName" || ' ' || "lastName")",
         .stored = on_postgres()});
    author.delete_date<&Author::deleted_at>({.name = "deletedAt"});
    author.unique<&Author::first_name, &Author::last_name>();
  }
};

struct AuthorProfile {
  std::string id;
  std::string biography;
  std::optional<std::string> links;
  std::optional<std::string> settings;
  Author* author = nullptr;

  static void describe(Entity<AuthorProfile>& profile) {
    profile.primary_generated<&AuthorProfile::id>();
    if (on_mysql()) {
      profile.column<&AuthorProfile::biography>({.length = 2000, .default_value = "Nothing yet"});
    } else {
      profile.column<&AuthorProfile::biography>({.type = "text", .default_value = "Nothing yet"});
    }
    profile.column<&AuthorProfile::links>({.type = "text"});
    profile.column<&AuthorProfile::settings>({.type = "text"});
    profile.one_to_one<&AuthorProfile::author>({.on_delete = OnDelete::cascade});
  }
};

struct Size {
  double width{};
  double height{};

  static void describe(Entity<Size>& size) {
    size.column<&Size::width>({.type = "real"});
    size.column<&Size::height>({.type = "real"});
  }
};

struct Tag {
  std::int32_t id{};
  std::string label;
  std::optional<std::string> note;

  static void describe(Entity<Tag>& tag) {
    tag.primary_generated<&Tag::id>();
    tag.column<&Tag::label>({.length = 40,
                             .unique = true,
                             .collation = on_mysql()      ? "utf8mb4_bin"
                                          : on_postgres() ? "C"
                                                          : "NOCASE"});
    if (grown) {
      tag.column<&Tag::note>({.length = 100});
      tag.index<&Tag::label, &Tag::note>();
    }
  }
};

enum class Status { planned, in_print, gone };

struct Book : Dated {
  std::string title;
  std::optional<std::string> isbn;
  std::int32_t pages{};
  double price{};
  bool available{};
  Status status{};
  std::optional<std::chrono::year_month_day> published_on;
  std::int32_t pages_twice{};
  Size size;
  std::optional<std::vector<std::uint8_t>> cover;
  Publisher* publisher = nullptr;
  std::vector<Author> authors;
  std::vector<Tag> tags;

  static void describe(Entity<Book>& book) {
    book.inherits<Dated>();
    book.column<&Book::title>({.length = grown ? 300 : 200});
    book.column<&Book::isbn>({.length = 13, .unique = true});
    book.column<&Book::pages>({.default_value = 1});
    book.column<&Book::price>({.type = "decimal", .precision = 10, .scale = 2, .default_value = 0});
    book.column<&Book::available>({.type = on_mysql("tinyint"), .default_value = true});
    book.column<&Book::status>({.default_value = Status::planned});
    book.column<&Book::published_on>({.name = "publishedOn"});
    book.column<&Book::pages_twice>(
        {.name = "pagesTwice", .computed = on_mysql() ? "`pages` * 2" : R"("pages" * 2)", .stored = true});
    book.embedded<&Book::size>();
    book.column<&Book::cover>({.type = on_mysql("blob")});
    book.many_to_one<&Book::publisher>({.on_delete = OnDelete::set_null});
    book.many_to_many<&Book::authors>();
    book.many_to_many<&Book::tags>({.table = "book_tag"});
    book.index<&Book::title>();
    if (on_mysql()) {
      // TypeORM leaves out the condition and the check.
      book.index<&Book::title>({.name = "in_print"});
    } else {
      book.index<&Book::title>({.name = "in_print", .where = R"("status" = 'in_print')"});
      book.check(R"("pages" > 0)");
    }
  }
};

/// The three kinds of trees have the same members.
template <class T, Tree kind>
struct Node {
  std::int32_t id{};
  std::string name;
  T* parent = nullptr;

  static void describe_node(Entity<T>& node) {
    node.template primary_generated<&Node::id>();
    node.template column<&Node::name>();
    node.template many_to_one<&Node::parent>();
    node.tree(kind);
  }
};

struct Category : Node<Category, Tree::closure_table> {
  static void describe(Entity<Category>& category) { describe_node(category); }
};
struct Section : Node<Section, Tree::materialized_path> {
  static void describe(Entity<Section>& section) { describe_node(section); }
};
struct Area : Node<Area, Tree::nested_set> {
  static void describe(Entity<Area>& area) { describe_node(area); }
};

struct Remark {
  std::int32_t id{};
  std::string text;
  Remark* answer_to = nullptr;

  static void describe(Entity<Remark>& remark) {
    remark.primary_generated<&Remark::id>();
    remark.column<&Remark::text>({.type = "text"});
    remark.many_to_one<&Remark::answer_to>({.on_delete = OnDelete::cascade, .columns = {"answerToId"}});
  }
};

struct Person {
  std::int32_t id{};
  std::string name;

  static void describe(Entity<Person>& person) {
    person.primary_generated<&Person::id>();
    person.column<&Person::name>();
    person.single_table({.column = "kind"});
  }
};
struct Reader : Person {
  std::string card;

  static void describe(Entity<Reader>& reader) {
    reader.child_of<Person>({.value = "reader"});
    reader.column<&Reader::card>({.length = 20});
  }
};
struct Librarian : Person {
  std::int32_t salary{};

  static void describe(Entity<Librarian>& librarian) {
    librarian.child_of<Person>({.value = "librarian"});
    librarian.column<&Librarian::salary>();
  }
};

struct Loan {
  std::int32_t book_id{};
  std::int32_t reader_id{};
  Seconds due_on;

  static void describe(Entity<Loan>& loan) {
    loan.primary_column<&Loan::book_id>({.name = "bookId"});
    loan.primary_column<&Loan::reader_id>({.name = "readerId"});
    loan.column<&Loan::due_on>({.name = "dueOn", .type = on_mysql("datetime")});
    loan.many_to_one<&Loan::book_id, &Book::id, Book>({.on_delete = OnDelete::cascade});
    loan.many_to_one<&Loan::reader_id, &Person::id, Person>();
    loan.index<&Loan::due_on>();
  }
};

struct BookTitle {
  static void describe(View<BookTitle>& view) {
    view.query(on_mysql()      ? "SELECT `id`, `title` FROM `book` WHERE `available` = 1"
               : on_postgres() ? R"(SELECT "id", "title" FROM "book" WHERE "available" = true)"
                               : R"(SELECT "id", "title" FROM "book" WHERE "available" = 1)");
    view.depends_on<Book>();
  }
};

inline Entities all() {
  return entities<Country, Publisher, Author, AuthorProfile, Tag, Book, Category, Section, Area, Remark, Person, Reader,
                  Librarian, Loan, BookTitle>();
}

}  // namespace whimbrel::test::library

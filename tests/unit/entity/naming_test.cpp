#include "entity/naming.h"

#include <doctest/doctest.h>

#include "dialect/mysql/dialect.h"
#include "entity/lower.h"
#include "whimbrel/entity.h"

using namespace whimbrel;
using namespace whimbrel::entity;

TEST_CASE("a table is named by its class in TypeORM's snake case") {
  CHECK(typeorm_naming().table("User") == "user");
  CHECK(typeorm_naming().table("BlogPost") == "blog_post");
  CHECK(typeorm_naming().table("APIKey2X") == "api_key2_x");
  CHECK(typeorm_naming().table("ABCDe") == "abc_de");
  CHECK(typeorm_naming().table("HTTPServerLog") == "http_server_log");
  CHECK(typeorm_naming().table("already_snake") == "already_snake");
  CHECK(typeorm_naming().table("A") == "a");
  CHECK(typeorm_naming().table("") == "");
}

TEST_CASE("constraints and indexes are named as TypeORM names them") {
  CHECK(typeorm_naming().primary_key("user", {"id"}) == "PK_cace4a159ff9f2512dd42373760");
  CHECK(typeorm_naming().primary_key("migrations", {"id"}) == "PK_8c82d7f526340ab734260ea46be");
  CHECK(typeorm_naming().primary_key("country", {"code", "region"}) == "PK_11fdbcbc838242f496d73bbf176");
  CHECK(typeorm_naming().primary_key("blog_post_tags_tag", {"blogPostId", "tagName"}) ==
        "PK_894878fbbf54f817f9d7c857f5f");
  CHECK(typeorm_naming().unique("user", {"email"}) == "UQ_e12875dfb3b1d92d7d7c5377e22");
  CHECK(typeorm_naming().unique("blog_post", {"slug", "title"}) == "UQ_f5900f0ba32a677ead475afdb10");
  CHECK(typeorm_naming().unique("temporary_user", {"email"}) == "UQ_ed766a9782779b8390a2a81f444");
  CHECK(typeorm_naming().index("user", {"email"}, "") == "IDX_e12875dfb3b1d92d7d7c5377e2");
  CHECK(typeorm_naming().index("profile", {"nameCode"}, "") == "IDX_71089c0b385442badcfff3621c");
  CHECK(typeorm_naming().index("blog_post_tags_tag", {"blogPostId"}, "") == "IDX_bf05feace838b79c501de1af84");
  CHECK(typeorm_naming().index("user", {"a", "b"}, "") == "IDX_556fa8fe9b7850e51becdad976");
  CHECK(typeorm_naming().index("room_booking", {"a"}, "\"a\" > 1") == "IDX_1060040f6b6d466d3f4a401bdb");
  CHECK(typeorm_naming().foreign_key("blog_post", {"authorId"}) == "FK_657e11001f05ef48b5383f5a637");
  CHECK(typeorm_naming().foreign_key("leaf", {"tagName"}) == "FK_345ffe540fb1960bd8d72e2e31e");
  CHECK(typeorm_naming().foreign_key("cat_closure", {"id_ancestor"}) == "FK_2ee348c4c6d93dd25e48de4d48e");
  CHECK(typeorm_naming().relation_unique("blog_post", {"ownerId"}) == "REL_67e0e03c1a6f1ed38d7db07d7d");
  CHECK(typeorm_naming().check("blog_post", "\"views\" > 0") == "CHK_c6b3897da4134ad68a6915c33f");
  CHECK(typeorm_naming().check("user", "\"a\" > 0") == "CHK_a96ec5c97984094ee1e9cd3847");
}

TEST_CASE("the order of the columns does not change a derived name") {
  CHECK(typeorm_naming().unique("t", {"b", "a"}) == typeorm_naming().unique("t", {"a", "b"}));
  CHECK(typeorm_naming().unique("t", {"b", "A"}) == typeorm_naming().unique("t", {"A", "b"}));
  CHECK(typeorm_naming().unique("t", {"a", "B"}) == typeorm_naming().unique("t_B", {"a"}));
}

TEST_CASE("columns are sorted by UTF-16 code units, as JavaScript sorts them") {
  // U+1F600 is the surrogates D83D DE00, before U+FB01; as bytes of UTF-8 it is after it.
  const std::string emoji = "\xF0\x9F\x98\x80";
  const std::string ligature = "\xEF\xAC\x81";
  CHECK(typeorm_naming().unique("t", {ligature, emoji}) == typeorm_naming().unique("t_" + emoji, {ligature}));
  CHECK(typeorm_naming().unique("t", {"z", "\xC3\xA9"}) == typeorm_naming().unique("t_z", {"\xC3\xA9"}));
}

TEST_CASE("text that is no UTF-8 has a name too") {
  CHECK(typeorm_naming().unique("t", {"\xFF", "\xF0\x9F"}).size() == 30);
  CHECK(typeorm_naming().unique("t", {"\xFF", "\xF0\x9F"}) == typeorm_naming().unique("t", {"\xF0\x9F", "\xFF"}));
}

TEST_CASE("derived names are known by their form") {
  for (const char* name :
       {"PK_cace4a159ff9f2512dd42373760", "UQ_ed766a9782779b8390a2a81f444", "IDX_556fa8fe9b7850e51becdad976",
        "FK_657e11001f05ef48b5383f5a637", "REL_67e0e03c1a6f1ed38d7db07d7d", "CHK_c6b3897da4134ad68a6915c33f"}) {
    CAPTURE(name);
    CHECK(is_derived_name(name));
  }
  for (const char* name : {"", "UQ_", "UQ_ed766a9782779b8390a2a81f44", "UQ_ed766a9782779b8390a2a81f4445",
                           "UQ_ED766A9782779B8390A2A81F444", "IDX_556fa8fe9b7850e51becdad97g",
                           "uq_ed766a9782779b8390a2a81f444", "QU_ed766a9782779b8390a2a81f444", "user_email_unique"}) {
    CAPTURE(name);
    CHECK_FALSE(is_derived_name(name));
  }
}

TEST_CASE("texts change their case as in TypeORM") {
  CHECK(camel_case("home_address") == "homeAddress");
  CHECK(camel_case("BlogPost_userID") == "blogPostUserID");
  CHECK(camel_case("a__b") == "a_b");
  CHECK(camel_case("trailing_") == "trailing_");
  CHECK(title_case("lastName") == "Lastname");
  CHECK(title_case("first_name") == "First_name");
}

TEST_CASE("the readable strategy says in snake case what a name is of") {
  const NamingStrategy& naming = snake_case_naming();
  CHECK(naming.table("BlogPost") == "blog_post");
  CHECK(naming.column("lastName", {"homeAddress"}) == "home_address_last_name");
  CHECK(naming.join_column("author", "id") == "author_id");
  CHECK(naming.junction_table("post", "tags", "tag") == "post_tags_tag");
  CHECK(naming.junction_column("post", "id") == "post_id");
  CHECK(naming.unique("user", {"email", "name"}) == "uq_user_email_name");
  CHECK(naming.index("user", {"lower(email)"}, "age > 1") == "ix_user_lower_email_where_age_1");
  CHECK(naming.foreign_key("post", {"author_id"}) == "fk_post_author_id");
  CHECK(naming.check("post", "views >= 0") == "ck_post_views_0");
}

TEST_CASE("a strategy of one's own names what it says, and TypeORM's the rest") {
  class Plural final : public NamingStrategy {
   public:
    std::string table(std::string_view class_name) const override { return NamingStrategy::table(class_name) + 's'; }
  };
  const Plural naming;
  CHECK(naming.table("BlogPost") == "blog_posts");
  CHECK(naming.unique("user", {"email"}) == "UQ_e12875dfb3b1d92d7d7c5377e22");
}

namespace {

struct Labelled {
  std::int32_t id{};
  std::string email;
  std::string label;
  static void describe(Entity<Labelled>& e) {
    e.table({.name = "user"});
    e.primary_generated<&Labelled::id>();
    e.column<&Labelled::email>({.unique = true});
    e.column<&Labelled::label>();
    e.unique<&Labelled::label>();
    e.index<&Labelled::label>();
    e.unique<&Labelled::email, &Labelled::label>({.name = "both"});
  }
};

}  // namespace

TEST_CASE("on MariaDB and MySQL, unique constraints have the names of indexes, which TypeORM looks for") {
  const auto names = [](const NamingStrategy& naming) {
    const auto dialect = dialect::mysql::make_dialect({});
    const entity::Described described = entity::describe(entities<Labelled>(), *dialect, "", naming);
    std::vector<std::string> result;
    for (const model::Unique& unique : described.schema.tables.at(0).uniques) result.push_back(unique.name.text);
    return result;
  };
  // Not the name of another index.
  CHECK(names(typeorm_naming()) ==
        std::vector<std::string>{"IDX_e12875dfb3b1d92d7d7c5377e2", typeorm_naming().unique("user", {"label"}), "both"});
  CHECK(names(snake_case_naming()) == std::vector<std::string>{"uq_user_email", "uq_user_label", "both"});
}

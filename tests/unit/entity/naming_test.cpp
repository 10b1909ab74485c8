#include "entity/naming.h"

#include <doctest/doctest.h>

using namespace whimbrel::entity;

TEST_CASE("a table is named by its class in TypeORM's snake case") {
  CHECK(table_name("User") == "user");
  CHECK(table_name("BlogPost") == "blog_post");
  CHECK(table_name("APIKey2X") == "api_key2_x");
  CHECK(table_name("ABCDe") == "abc_de");
  CHECK(table_name("HTTPServerLog") == "http_server_log");
  CHECK(table_name("already_snake") == "already_snake");
  CHECK(table_name("A") == "a");
  CHECK(table_name("") == "");
}

TEST_CASE("constraints and indexes are named as TypeORM names them") {
  CHECK(primary_key_name("user", {"id"}) == "PK_cace4a159ff9f2512dd42373760");
  CHECK(primary_key_name("migrations", {"id"}) == "PK_8c82d7f526340ab734260ea46be");
  CHECK(primary_key_name("country", {"code", "region"}) == "PK_11fdbcbc838242f496d73bbf176");
  CHECK(primary_key_name("blog_post_tags_tag", {"blogPostId", "tagName"}) == "PK_894878fbbf54f817f9d7c857f5f");
  CHECK(unique_name("user", {"email"}) == "UQ_e12875dfb3b1d92d7d7c5377e22");
  CHECK(unique_name("blog_post", {"slug", "title"}) == "UQ_f5900f0ba32a677ead475afdb10");
  CHECK(unique_name("temporary_user", {"email"}) == "UQ_ed766a9782779b8390a2a81f444");
  CHECK(index_name("user", {"email"}, "") == "IDX_e12875dfb3b1d92d7d7c5377e2");
  CHECK(index_name("profile", {"nameCode"}, "") == "IDX_71089c0b385442badcfff3621c");
  CHECK(index_name("blog_post_tags_tag", {"blogPostId"}, "") == "IDX_bf05feace838b79c501de1af84");
  CHECK(index_name("user", {"a", "b"}, "") == "IDX_556fa8fe9b7850e51becdad976");
  CHECK(index_name("room_booking", {"a"}, "\"a\" > 1") == "IDX_1060040f6b6d466d3f4a401bdb");
  CHECK(foreign_key_name("blog_post", {"authorId"}) == "FK_657e11001f05ef48b5383f5a637");
  CHECK(foreign_key_name("leaf", {"tagName"}) == "FK_345ffe540fb1960bd8d72e2e31e");
  CHECK(foreign_key_name("cat_closure", {"id_ancestor"}) == "FK_2ee348c4c6d93dd25e48de4d48e");
  CHECK(relation_unique_name("blog_post", {"ownerId"}) == "REL_67e0e03c1a6f1ed38d7db07d7d");
  CHECK(check_name("blog_post", "\"views\" > 0") == "CHK_c6b3897da4134ad68a6915c33f");
  CHECK(check_name("user", "\"a\" > 0") == "CHK_a96ec5c97984094ee1e9cd3847");
}

TEST_CASE("the order of the columns does not change a derived name") {
  CHECK(unique_name("t", {"b", "a"}) == unique_name("t", {"a", "b"}));
  CHECK(unique_name("t", {"b", "A"}) == unique_name("t", {"A", "b"}));
  CHECK(unique_name("t", {"a", "B"}) == unique_name("t_B", {"a"}));
}

TEST_CASE("columns are sorted by UTF-16 code units, as JavaScript sorts them") {
  // U+1F600 is the surrogates D83D DE00, before U+FB01; as bytes of UTF-8 it is after it.
  const std::string emoji = "\xF0\x9F\x98\x80";
  const std::string ligature = "\xEF\xAC\x81";
  CHECK(unique_name("t", {ligature, emoji}) == unique_name("t_" + emoji, {ligature}));
  CHECK(unique_name("t", {"z", "\xC3\xA9"}) == unique_name("t_z", {"\xC3\xA9"}));
}

TEST_CASE("text that is no UTF-8 has a name too") {
  CHECK(unique_name("t", {"\xFF", "\xF0\x9F"}).size() == 30);
  CHECK(unique_name("t", {"\xFF", "\xF0\x9F"}) == unique_name("t", {"\xF0\x9F", "\xFF"}));
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

#include <whimbrel/migration.h>
#include <whimbrel/query_runner.h>
#include <whimbrel/schema.h>

/// Operations, of which some are several statements, and batches.
class Portable1700000000004 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.add_column("customer", {.name = "language", .type = "varchar(10)", .default_value = "de"});
    query_runner.add_column("visit", {.name = "path", .type = "varchar(80)", .backfill = "UPPER(page)"});
    query_runner.change_column("customer", "balance", {.name = "credit", .type = "bigint", .default_value = 0});
    query_runner.update_in_batches({.table = "customer", .key = "id", .set = "credit = credit + ?", .parameters = {7},
                                    .size = 500});
    query_runner.create_index("visit", {.name = "visit_path", .columns = {"path", "seconds"}});
    query_runner.create_table({.name = "tag",
                               .columns = {{.name = "id", .type = "bigint", .generated = true},
                                           {.name = "customer", .type = "bigint"},
                                           {.name = "label", .type = "varchar(40)", .unique = true}}});
    query_runner.query("INSERT INTO tag SELECT id, id, CONCAT('tag ', id) FROM customer WHERE id % 2 = 0");
    query_runner.create_foreign_key("tag", {.name = "tag_customer",
                                            .columns = {"customer"},
                                            .referenced_table = "customer",
                                            .referenced_columns = {"id"}});
    query_runner.create_check("tag", {.name = "tag_label", .expression = "label <> ''"});
    query_runner.rename_table("tag", "label");
    query_runner.create_view({.name = "labelled", .query = "SELECT customer, label FROM label"});
    query_runner.rename_column("product", "description", "details");
    query_runner.drop_foreign_key("purchase", "purchase_customer");
    query_runner.change_table_comment("setting", "Einstellungen");
  }
  void down(whimbrel::QueryRunner& query_runner) override {
    query_runner.change_table_comment("setting", "");
    query_runner.create_foreign_key("purchase", {.name = "purchase_customer",
                                                 .columns = {"customer"},
                                                 .referenced_table = "customer",
                                                 .referenced_columns = {"id"}});
    query_runner.rename_column("product", "details", "description");
    query_runner.drop_view("labelled");
    query_runner.rename_table("label", "tag");
    query_runner.drop_check("tag", "tag_label");
    query_runner.drop_foreign_key("tag", "tag_customer");
    query_runner.drop_table("tag");
    query_runner.drop_index("visit", "visit_path");
    query_runner.update_in_batches({.table = "customer", .key = "id", .set = "credit = credit - ?", .parameters = {7},
                                    .size = 500});
    query_runner.change_column("customer", "credit", {.name = "balance", .type = "int", .default_value = 0});
    query_runner.drop_column("visit", "path");
    query_runner.drop_column("customer", "language");
  }
};

WHIMBREL_MIGRATION(Portable1700000000004);

// Written by `whimbrel makemigrations`.

#include <whimbrel/migration.h>

class CreateShop1561981516514 final : public whimbrel::Migration {
 public:
  void up(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"sql(CREATE TABLE "customer" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar(200) NOT NULL, "description" varchar, "price" decimal(10,2) NOT NULL DEFAULT (0), "is_active" boolean NOT NULL DEFAULT (1), "created_at" datetime NOT NULL DEFAULT (datetime('now')), "updated_at" datetime NOT NULL DEFAULT (datetime('now')), CONSTRAINT "UQ_b39f008e318efd2bb988d724a16" UNIQUE ("name")))sql");
    query_runner.query(R"sql(CREATE TABLE "address" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar(200) NOT NULL, "description" varchar, "price" decimal(10,2) NOT NULL DEFAULT (0), "is_active" boolean NOT NULL DEFAULT (1), "created_at" datetime NOT NULL DEFAULT (datetime('now')), "updated_at" datetime NOT NULL DEFAULT (datetime('now')), CONSTRAINT "UQ_c662180230cad14787d4ab7e77a" UNIQUE ("name")))sql");
    query_runner.query(R"sql(CREATE TABLE "product" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar(200) NOT NULL, "description" varchar, "price" decimal(10,2) NOT NULL DEFAULT (0), "is_active" boolean NOT NULL DEFAULT (1), "created_at" datetime NOT NULL DEFAULT (datetime('now')), "updated_at" datetime NOT NULL DEFAULT (datetime('now')), CONSTRAINT "UQ_38a007151abe87cc01a5b6e9cc4" UNIQUE ("name")))sql");
    query_runner.query(R"sql(CREATE TABLE "category" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar(200) NOT NULL, "description" varchar, "price" decimal(10,2) NOT NULL DEFAULT (0), "is_active" boolean NOT NULL DEFAULT (1), "created_at" datetime NOT NULL DEFAULT (datetime('now')), "updated_at" datetime NOT NULL DEFAULT (datetime('now')), CONSTRAINT "UQ_5ccbf9c9c5fc1bc34df8238a970" UNIQUE ("name")))sql");
    query_runner.query(R"sql(CREATE TABLE "basket" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar(200) NOT NULL, "description" varchar, "price" decimal(10,2) NOT NULL DEFAULT (0), "is_active" boolean NOT NULL DEFAULT (1), "created_at" datetime NOT NULL DEFAULT (datetime('now')), "updated_at" datetime NOT NULL DEFAULT (datetime('now')), CONSTRAINT "UQ_c9be014f81aeb389b4616f87ace" UNIQUE ("name")))sql");
    query_runner.query(R"sql(CREATE TABLE "basket_item" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar(200) NOT NULL, "description" varchar, "price" decimal(10,2) NOT NULL DEFAULT (0), "is_active" boolean NOT NULL DEFAULT (1), "created_at" datetime NOT NULL DEFAULT (datetime('now')), "updated_at" datetime NOT NULL DEFAULT (datetime('now')), CONSTRAINT "UQ_17586346a63f3b78e2de6f2d38b" UNIQUE ("name")))sql");
    query_runner.query(R"sql(CREATE TABLE "purchase" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar(200) NOT NULL, "description" varchar, "price" decimal(10,2) NOT NULL DEFAULT (0), "is_active" boolean NOT NULL DEFAULT (1), "created_at" datetime NOT NULL DEFAULT (datetime('now')), "updated_at" datetime NOT NULL DEFAULT (datetime('now')), CONSTRAINT "UQ_d376ca2995b3d140552f1bf6bc3" UNIQUE ("name")))sql");
    query_runner.query(R"sql(CREATE INDEX "IDX_5baef3786aa9f0b3d7cfa87a69" ON "customer" ("is_active", "created_at" DESC))sql");
    query_runner.query(R"sql(CREATE INDEX "IDX_ed96ce1a54a00c63e581d920cd" ON "address" ("is_active", "created_at" DESC))sql");
    query_runner.query(R"sql(CREATE INDEX "IDX_07cbb5eaa0581e7d34e22beb56" ON "product" ("is_active", "created_at" DESC))sql");
  }

  void down(whimbrel::QueryRunner& query_runner) override {
    query_runner.query(R"sql(DROP INDEX "IDX_07cbb5eaa0581e7d34e22beb56")sql");
    query_runner.query(R"sql(DROP INDEX "IDX_ed96ce1a54a00c63e581d920cd")sql");
    query_runner.query(R"sql(DROP INDEX "IDX_5baef3786aa9f0b3d7cfa87a69")sql");
    query_runner.query(R"sql(DROP TABLE "purchase")sql");
    query_runner.query(R"sql(DROP TABLE "basket_item")sql");
    query_runner.query(R"sql(DROP TABLE "basket")sql");
    query_runner.query(R"sql(DROP TABLE "category")sql");
    query_runner.query(R"sql(DROP TABLE "product")sql");
    query_runner.query(R"sql(DROP TABLE "address")sql");
    query_runner.query(R"sql(DROP TABLE "customer")sql");
  }
};

WHIMBREL_MIGRATION(CreateShop1561981516514);

-- What a database may be called and C++ may not: keywords, blanks, digits, other scripts, names that differ only by
-- what is no letter; tables that refer to each other in a circle; what only SQLite has.

CREATE TABLE "class" ("id" INTEGER PRIMARY KEY, "operator" TEXT, "2nd" INTEGER, "größe" REAL, "a b" TEXT, "a-b" TEXT,
                      "describe" TEXT, "entity" TEXT, "Class" TEXT UNIQUE DEFAULT 'it''s "so"');
CREATE TABLE "order items" ("id" INTEGER PRIMARY KEY, "NULL" TEXT);
CREATE TABLE "order_items" ("id" INTEGER PRIMARY KEY, "__reserved" TEXT, "_Reserved" TEXT, "errno" TEXT, "linux" TEXT);
CREATE TABLE "Order-Items" ("id" INTEGER PRIMARY KEY);
CREATE TABLE "заказ" ("ключ" INTEGER PRIMARY KEY, "имя" TEXT);
CREATE TABLE "FILE" ("id" INTEGER PRIMARY KEY);
CREATE TABLE "1st" ("id" INTEGER PRIMARY KEY);
CREATE TABLE "entities" ("id" INTEGER PRIMARY KEY);

CREATE TABLE "country" ("code" varchar(2) PRIMARY KEY NOT NULL, "capital_id" integer REFERENCES "city" ("id"));
CREATE TABLE "city" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "country_code" varchar(2) NOT NULL REFERENCES
                     "country" ("code") ON DELETE CASCADE, "mayor_id" integer REFERENCES "mayor" ("id"));
CREATE TABLE "mayor" ("id" integer PRIMARY KEY, "home" bigint REFERENCES "city" ("id"), "of" text,
                      "state" varchar NOT NULL CHECK ("state" IN ('elected', 'acting')) DEFAULT 'acting');

CREATE TABLE "strict one" ("id" INTEGER PRIMARY KEY, "n" INT NOT NULL, "t" TEXT, "r" REAL, "b" BLOB, "x" ANY) STRICT;
CREATE TABLE "types" ("id" INTEGER PRIMARY KEY, "small" TINYINT, "big" UNSIGNED BIG INT, "flag" BOOLEAN DEFAULT FALSE,
                      "money" DECIMAL(10, 2), "when" TIMESTAMP DEFAULT (datetime('now')), "day" DATE, "code" CHAR(3),
                      "ratio" FLOAT, "json" JSON DEFAULT '{"a": [1]}', "path" VARCHAR(40) COLLATE RTRIM);
CREATE TABLE "area" ("id" INTEGER PRIMARY KEY ON CONFLICT REPLACE, "w" integer NOT NULL ON CONFLICT IGNORE,
                     "h" integer NOT NULL, "size" integer GENERATED ALWAYS AS ("w" * "h") STORED,
                     CONSTRAINT "one of a kind" UNIQUE ("w", "h") ON CONFLICT IGNORE);
CREATE TABLE "half" ("country" TEXT, "city" INTEGER, PRIMARY KEY ("country", "city"));
CREATE TABLE "whole" ("id" INTEGER PRIMARY KEY, "country" TEXT, "city" INTEGER, FOREIGN KEY ("country", "city")
                      REFERENCES "half" ("country", "city"));
CREATE VIEW "named columns" ("a", "b") AS SELECT 1, 2;
CREATE VIEW "select" AS SELECT "id" AS "as" FROM "class" -- all of them
;
CREATE TRIGGER "into the view" INSTEAD OF INSERT ON "select" BEGIN SELECT 1; END;
CREATE TABLE "without key" ("a" TEXT);
CREATE TABLE "without name" ("id" INTEGER PRIMARY KEY, "" TEXT);
CREATE TABLE "without type" ("id" INTEGER PRIMARY KEY, "anything");
CREATE INDEX "big ones" ON "types" ("big" DESC) WHERE "flag" AND "code" <> 'a\b';
CREATE VIRTUAL TABLE "search" USING fts5("body");

// Writes ../library.sql: the database that TypeORM makes of its entities by a migration, as SQL.
//
//   npm install typeorm@1.1 sql.js@1 reflect-metadata@0.2
//   node make_dump.mjs > ../library.sql

import initialize from "sql.js";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { DataSource } from "typeorm";
import { entities } from "./library.mjs";

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "library-"));
const file = path.join(directory, "library.db");

/** What `typeorm migration:generate` would write. */
const planner = await new DataSource({ type: "sqljs", location: file, autoSave: true, entities }).initialize();
const difference = await planner.driver.createSchemaBuilder().log();
await planner.destroy();
class CreateLibrary1700000000000 {
  async up(queryRunner) {
    for (const query of difference.upQueries) await queryRunner.query(query.query, query.parameters);
  }
  async down() {}
}
const migrations = [CreateLibrary1700000000000];
const source = await new DataSource({ type: "sqljs", location: file, autoSave: true, entities, migrations }).initialize();
await source.runMigrations();
await source.destroy();

const literal = (value) =>
  value === null ? "NULL" : typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
const { Database } = await initialize();
const database = new Database(fs.readFileSync(file));
const select = (sql) => database.exec(sql).flatMap((result) => result.values);
for (const [name, sql] of select(
  "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
)) {
  console.log(`${sql};`);
  if (name !== "migrations" && name !== "typeorm_metadata") continue;
  for (const row of select(`SELECT * FROM "${name}"`)) {
    console.log(`INSERT INTO "${name}" VALUES (${row.map(literal).join(", ")});`);
  }
}
database.close();
fs.rmSync(directory, { recursive: true });

// Writes ../library.sql: the database that TypeORM makes of its entities by a migration, as SQL.
//
//   npm install typeorm@1.1 sql.js@1 reflect-metadata@0.2
//   node make_dump.mjs > ../library.sql

import initialize from "sql.js";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { DataSource } from "typeorm";
import { migrationOf } from "./database.mjs";
import { entities } from "./library.mjs";

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "library-"));
const file = path.join(directory, "library.db");

const options = { type: "sqljs", location: file, autoSave: true, entities };
const planner = await new DataSource(options).initialize();
const migration = await migrationOf(planner);
await planner.destroy();
const source = await new DataSource({ ...options, migrations: [migration] }).initialize();
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

// Writes ../library.postgres.sql: the database that TypeORM makes of its entities by a migration, as pg_dump sees it.
//
//   npm install typeorm@1.1 pg@8 reflect-metadata@0.2
//   LIBRARY_DATABASE=postgres node make_postgres_dump.mjs URL > ../library.postgres.sql
//
// The URL is that of an empty database.

import { execFileSync } from "node:child_process";
import { DataSource } from "typeorm";
import { migrationOf, optionsOf } from "./database.mjs";
import { entities } from "./library.mjs";

const url = process.argv[2];
const options = { ...optionsOf(url), entities };
const planner = await new DataSource(options).initialize();
const migration = await migrationOf(planner);
await planner.destroy();
const source = await new DataSource({ ...options, migrations: [migration] }).initialize();
await source.runMigrations();
await source.destroy();

const dump = execFileSync("pg_dump", ["--no-owner", "--inserts", url], { encoding: "utf8" });
process.stdout.write(dump.replace(/^--.*\n/gm, "").replace(/^\\.*\n/gm, "").replace(/\n{2,}/g, "\n").trimStart());

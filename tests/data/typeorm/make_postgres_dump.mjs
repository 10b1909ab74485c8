// Writes ../library.postgres.sql: the database that TypeORM makes of its entities by a migration, as pg_dump sees it.
//
//   npm install typeorm@1.1 pg@8 reflect-metadata@0.2
//   LIBRARY_DATABASE=postgres node make_postgres_dump.mjs URL > ../library.postgres.sql
//
// The URL is that of an empty database.

import { execFileSync } from "node:child_process";
import { DataSource } from "typeorm";
import { entities } from "./library.mjs";

const url = process.argv[2];
const address = new URL(url.replace("@/", "@localhost/"));
const options = {
  type: "postgres",
  host: address.searchParams.get("host") ?? address.hostname,
  username: address.username,
  database: address.pathname.slice(1),
  entities,
};

/** What `typeorm migration:generate` would write. */
const planner = await new DataSource(options).initialize();
const difference = await planner.driver.createSchemaBuilder().log();
await planner.destroy();
class CreateLibrary1700000000000 {
  async up(queryRunner) {
    for (const query of difference.upQueries) await queryRunner.query(query.query, query.parameters);
  }
  async down() {}
}
const source = await new DataSource({ ...options, migrations: [CreateLibrary1700000000000] }).initialize();
await source.runMigrations();
await source.destroy();

const dump = execFileSync("pg_dump", ["--no-owner", "--inserts", url], { encoding: "utf8" });
process.stdout.write(dump.replace(/^--.*\n/gm, "").replace(/^\\.*\n/gm, "").replace(/\n{2,}/g, "\n").trimStart());

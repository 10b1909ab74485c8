// Writes ../library.mariadb.sql or ../library.mysql.sql: the database that TypeORM makes of its entities by a migration,
// as the server shows it.
//
//   npm install typeorm@1.1 mysql2@3 reflect-metadata@0.2
//   LIBRARY_DATABASE=mariadb node make_mysql_dump.mjs URL > ../library.mariadb.sql
//   LIBRARY_DATABASE=mysql node make_mysql_dump.mjs URL > ../library.mysql.sql
//
// The URL is that of an empty database: mysql://root@localhost/library?socket=/run/mysqld/mysqld.sock

import { DataSource } from "typeorm";
import { migrationOf, optionsOf } from "./database.mjs";
import { entities } from "./library.mjs";

const options = { ...optionsOf(process.argv[2]), entities };
const planner = await new DataSource(options).initialize();
const migration = await migrationOf(planner);
await planner.destroy();
const source = await new DataSource({ ...options, migrations: [migration] }).initialize();
await source.runMigrations();

const namesOf = async (kind) =>
  (await source.query(`SHOW FULL TABLES WHERE Table_type = '${kind}'`)).map((row) => Object.values(row)[0]);
// A bigint comes as text.
const literal = (value) =>
  value === null ? "NULL" : /^\d+$/.test(value) ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
console.log("SET foreign_key_checks = 0;");
for (const name of await namesOf("BASE TABLE")) {
  const [shown] = await source.query(`SHOW CREATE TABLE \`${name}\``);
  console.log(`${shown["Create Table"]};`);
  if (name !== "migrations" && name !== "typeorm_metadata") continue;
  for (const row of await source.query(`SELECT * FROM \`${name}\``)) {
    console.log(`INSERT INTO \`${name}\` VALUES (${Object.values(row).map(literal).join(", ")});`);
  }
}
for (const name of await namesOf("VIEW")) {
  const [shown] = await source.query(`SHOW CREATE VIEW \`${name}\``);
  // Whoever loads it becomes its definer.
  console.log(`${shown["Create View"].replace(/ DEFINER=\S+/, "")};`);
}
console.log("SET foreign_key_checks = 1;");
await source.destroy();

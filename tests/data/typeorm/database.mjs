// What the scripts share.

/** How TypeORM reaches the database of a URL, of which LIBRARY_DATABASE says what it is: postgres, mariadb or mysql. */
export function optionsOf(url) {
  const kind = process.env.LIBRARY_DATABASE;
  // PostgreSQL's URL has an empty host, and the directory of the socket as a parameter.
  const address = new URL(url.replace("@/", "@localhost/"));
  const parameter = (name) => address.searchParams.get(name) ?? undefined;
  return {
    type: kind,
    username: address.username,
    database: address.pathname.slice(1),
    host: parameter("host") ?? address.hostname,
    socketPath: parameter("socket"),
  };
}

/** What `typeorm migration:generate` would write, as a migration. */
export async function migrationOf(source) {
  const difference = await source.driver.createSchemaBuilder().log();
  return class CreateLibrary1700000000000 {
    async up(queryRunner) {
      for (const query of difference.upQueries) await queryRunner.query(query.query, query.parameters);
    }
    async down() {}
  };
}

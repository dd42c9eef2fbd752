import { migrateDatabase } from '../../src/main/migrate-database.js';
/** Brings the empty template database at `url` to the newest schema of every module. Runs once per test run. */
export async function migrateAll(url) {
    await migrateDatabase(url, { log: () => undefined });
}

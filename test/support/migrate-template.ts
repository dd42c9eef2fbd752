/** Brings the empty template database at `url` to the newest schema of every module. Runs once per test run. */
export async function migrateAll(_url: string): Promise<void> {
  // No module owns a migration yet.
}

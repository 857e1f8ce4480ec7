import { ensurePrograms } from './ensure-programs.ts'

/** Runs once before all tests; workers inherit the PATH. */
export default async function globalSetup(): Promise<void> {
  await ensurePrograms()
}

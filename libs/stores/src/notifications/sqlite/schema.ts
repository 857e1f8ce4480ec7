import type { DatabaseKind } from '../../sqlite/open-database.ts'

/** Makes the tables described in index.ts. */
const SCHEMA = `
  CREATE TABLE services (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    accepted INTEGER NOT NULL DEFAULT 0,
    handed_over INTEGER NOT NULL DEFAULT 0,
    expired INTEGER NOT NULL DEFAULT 0,
    token_dead INTEGER NOT NULL DEFAULT 0,
    given_up INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE notifications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    service INTEGER NOT NULL,
    device BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    accepted_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    content BLOB NOT NULL
  ) STRICT;
  CREATE INDEX notifications_by_due ON notifications (service, due_at);
  CREATE INDEX notifications_by_age ON notifications (service, accepted_at);
  CREATE INDEX notifications_by_device ON notifications (device);
  CREATE TABLE seen (
    generation INTEGER NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (generation, key)
  ) STRICT, WITHOUT ROWID;
`

/** The application id is "STnt". */
export const NOTIFICATIONS_DATABASE: DatabaseKind = {
  name: 'notifications',
  applicationId: 0x53546e74,
  version: 1,
  create: (database) => database.exec(SCHEMA),
}

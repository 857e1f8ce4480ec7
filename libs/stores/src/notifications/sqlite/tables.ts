import type { DatabaseSync } from 'node:sqlite'
import { DuplicateFilter } from './duplicate-filter.ts'
import { NotificationTable } from './notification-table.ts'
import { ServiceTable } from './service-table.ts'

/** The tables of one database. */
export class Tables {
  readonly services: ServiceTable
  readonly notifications: NotificationTable
  readonly filter: DuplicateFilter

  constructor(database: DatabaseSync, duplicateWindowMs: number) {
    this.services = new ServiceTable(database)
    this.notifications = new NotificationTable(database)
    this.filter = new DuplicateFilter(database, duplicateWindowMs)
  }
}

import type { DatabaseSync } from 'node:sqlite'
import { SubscriptionTable } from './subscription-table.ts'
import { UnsubscriptionTable } from './unsubscription-table.ts'

/** What works on the database of the subscriptions. */
export class Tables {
  readonly subscriptions: SubscriptionTable
  readonly unsubscriptions: UnsubscriptionTable

  constructor(database: DatabaseSync) {
    this.subscriptions = new SubscriptionTable(database)
    this.unsubscriptions = new UnsubscriptionTable(database)
  }
}

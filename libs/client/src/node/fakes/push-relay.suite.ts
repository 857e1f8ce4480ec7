import type { JsonMembers } from '#protocol/onion/json-members'
import { json } from './file-server.suite.ts'
import type { ServedReply, ServedRequest } from './network.suite.ts'

/** A request as the relay got it. */
export interface AskedOfRelay {
  readonly endpoint: string
  readonly request: JsonMembers
}

/** The endpoints of a push relay, in memory and without any check (push §2, §4). */
export class FakePushRelay {
  /** Account, service and token of each subscription. */
  readonly rows = new Set<string>()
  /** Requests so far, one list for each body. */
  readonly bodies: AskedOfRelay[][] = []
  /** What the relay answers to a request instead; undefined lets it work. */
  disturb: (asked: AskedOfRelay) => object | undefined = () => undefined

  readonly serve = ({ endpoint, body }: ServedRequest): ServedReply => {
    const requests = JSON.parse(new TextDecoder().decode(body)) as readonly JsonMembers[]
    const asked = requests.map((request) => ({ endpoint, request }))
    this.bodies.push(asked)
    return json(
      200,
      asked.map((one) => this.disturb(one) ?? this.#answer(one)),
    )
  }

  #answer({ endpoint, request: { pubkey, service, service_info } }: AskedOfRelay): object {
    const row = JSON.stringify([pubkey, service, service_info])
    const isKnown = this.rows.has(row)
    if (endpoint === '/unsubscribe') return { success: true, removed: this.rows.delete(row), message: '' }
    this.rows.add(row)
    return { success: true, [isKnown ? 'updated' : 'added']: true, message: '' }
  }
}

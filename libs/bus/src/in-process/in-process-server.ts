import type { EventDefinition } from '../contract/definition.ts'
import { BusServer, type AnyDefinition, type BusServerOptions } from '../nest/bus-server.ts'
import type { InProcessBus } from './in-process-bus.ts'

export interface InProcessServerOptions extends BusServerOptions {
  readonly bus: InProcessBus
}

/** Nest transport strategy for services that live in one process. */
export class InProcessServer extends BusServer {
  readonly #bus: InProcessBus
  #leave: (() => void)[] = []

  constructor(options: InProcessServerOptions) {
    super(options)
    this.#bus = options.bus
  }

  protected override get maxReply(): number {
    return this.#bus.maxPayload
  }

  protected override async bind(definitions: readonly AnyDefinition[]): Promise<void> {
    this.#leave = definitions.map((definition) =>
      definition.kind === 'request'
        ? this.#bus.respond(definition.subject, {
            answer: (payload) => this.answer(definition, payload),
            answerValue: (value) => this.answerValue(definition, value),
          })
        : this.#bus.listen(definition.subject, this.#groupOf(definition), (payload) =>
            this.accept(definition, payload),
          ),
    )
  }

  #groupOf({ audience }: EventDefinition<unknown>): string | symbol {
    return audience === 'every-replica' ? Symbol(this.service) : this.service
  }

  protected override async unbind(): Promise<void> {
    for (const leave of this.#leave) leave()
    this.#leave = []
  }
}

import { describeRequestReply } from '../request-reply.suite.ts'
import { InProcessBus, InProcessClient, InProcessServer } from './index.ts'

describeRequestReply('the in-process bus', async () => {
  const bus = new InProcessBus({ maxPayload: 65_536 })
  return {
    maxPayload: bus.maxPayload,
    server: (options) => new InProcessServer({ ...options, bus }),
    client: () => new InProcessClient({ bus }),
    close: async () => undefined,
  }
})

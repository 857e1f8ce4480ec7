import { describe, expect, it } from '@jest/globals'
import { LazyProvider } from './lazy-provider.ts'
import type { OutgoingNotification, Provider } from './provider.ts'

const notification: OutgoingNotification = {
  token: 't',
  serviceData: new Uint8Array(),
  payload: 'AAAA',
  isUrgent: false,
  expiresAt: 1,
}

describe('LazyProvider', () => {
  it('is made once, with the first notification, and closed if it was made', async () => {
    const calls: string[] = []
    const made: Provider = {
      keepsOnlyLast: false,
      send: async () => {
        calls.push('send')
        return { kind: 'handed-over' }
      },
      close: async () => void calls.push('close'),
    }
    const open = async (): Promise<Provider> => {
      calls.push('open')
      return made
    }
    const unused = new LazyProvider({ keepsOnlyLast: true, open })
    await unused.close()
    expect([unused.keepsOnlyLast, calls]).toEqual([true, []])
    const provider = new LazyProvider({ keepsOnlyLast: false, open })
    const outcomes = await Promise.all([provider.send(notification), provider.send(notification)])
    await provider.close()
    expect(outcomes).toEqual([{ kind: 'handed-over' }, { kind: 'handed-over' }])
    expect(calls).toEqual(['open', 'send', 'send', 'close'])
  })

  it('is the trouble of the provider when it cannot be made, and is made later', async () => {
    let tries = 0
    const provider = new LazyProvider({
      keepsOnlyLast: false,
      open: async () => {
        if (++tries === 1) throw new Error('not now')
        return { keepsOnlyLast: false, send: async () => ({ kind: 'handed-over' }), close: async () => {} }
      },
    })
    expect(await provider.send(notification)).toMatchObject({ kind: 'retry', blame: 'provider' })
    expect(await provider.send(notification)).toEqual({ kind: 'handed-over' })
  })
})

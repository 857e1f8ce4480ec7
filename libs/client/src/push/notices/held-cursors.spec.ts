import { describe, expect, it } from '@jest/globals'
import { MemoryCursors } from '../../mailbox/cursors.ts'
import type { RetrievedPage } from '../../mailbox/replies/page.ts'
import { HeldCursors } from './held-cursors.ts'

const key = { account: 'a', node: 'n', namespace: 0 }
const page = (lastHash: string | undefined, namespace = 0): RetrievedPage => ({
  namespace,
  messages: [],
  more: false,
  rejected: 0,
  lastHash,
})

describe('HeldCursors', () => {
  it('move only when the page is released', async () => {
    const cursors = new MemoryCursors()
    const held = new HeldCursors(cursors)
    await held.set(key, 'one')
    await expect(held.get(key)).resolves.toBeUndefined()
    await held.release(page('one'))
    await expect(cursors.get(key)).resolves.toBe('one')
  })

  it('do not move for a page that another node has given instead', async () => {
    const cursors = new MemoryCursors()
    const held = new HeldCursors(cursors)
    await held.set(key, 'of the first node')
    await held.release(page(undefined))
    await held.release(page('of the second node'))
    await held.release(page('of the first node', 2))
    await expect(cursors.get(key)).resolves.toBeUndefined()
  })

  it('forget what was discarded', async () => {
    const cursors = new MemoryCursors()
    const held = new HeldCursors(cursors)
    await held.set(key, 'one')
    held.discard()
    await held.release(page('one'))
    await expect(cursors.get(key)).resolves.toBeUndefined()
  })
})

import { describe, expect, it } from '@jest/globals'
import { MemorySeenMessages } from './seen-messages.ts'

describe('MemorySeenMessages', () => {
  it('remembers a bounded number, the newest', async () => {
    const seen = new MemorySeenMessages(2)
    for (const hash of ['a', 'b', 'b', 'c']) await seen.add(hash)
    await expect(Promise.all(['a', 'b', 'c'].map((hash) => seen.has(hash)))).resolves.toEqual([false, true, true])
  })
})

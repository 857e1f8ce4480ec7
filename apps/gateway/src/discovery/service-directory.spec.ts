import { describe, expect, it } from '@jest/globals'
import { type DescribeService, type ServiceDescription, ServiceDirectory } from './service-directory.ts'

const FILES: ServiceDescription = {
  url: 'http://files.example.org',
  pubkeyEd25519: 'aa'.repeat(32),
  pubkeyX25519: 'bb'.repeat(32),
}

function setUp(): {
  directory: ServiceDirectory
  asked: string[]
  clock: { now: number }
  answers: { attachments: boolean }
} {
  const asked: string[] = []
  const clock = { now: 0 }
  const answers = { attachments: true }
  const describeService: DescribeService = async (service) => {
    asked.push(service)
    if (service === 'push' || !answers.attachments) throw new Error('nobody listens')
    return FILES
  }
  const directory = new ServiceDirectory(['attachments', 'push'], describeService, () => clock.now, 30_000)
  return { directory, asked, clock, answers }
}

describe('ServiceDirectory', () => {
  it('leaves out a service that does not answer', async () => {
    const { directory } = setUp()
    expect([...(await directory.describeAll())]).toEqual([['attachments', FILES]])
  })

  it('asks again only when an answer is old, or a second after there was none', async () => {
    const { directory, asked, clock } = setUp()
    await directory.describeAll()
    clock.now = 999
    await directory.describeAll()
    expect(asked).toEqual(['attachments', 'push'])
    clock.now = 1_000
    await directory.describeAll()
    expect(asked).toEqual(['attachments', 'push', 'push'])
    clock.now = 30_000
    await directory.describeAll()
    expect(asked).toEqual(['attachments', 'push', 'push', 'attachments', 'push'])
  })

  it('asks once for all who want to know at the same time', async () => {
    const { directory, asked } = setUp()
    await Promise.all([directory.describeAll(), directory.describeAll(), directory.publicUrls()])
    expect(asked).toEqual(['attachments', 'push'])
  })

  it('waits for the first answer before it says what the public URLs are', async () => {
    const { directory } = setUp()
    expect([...(await directory.publicUrls())]).toEqual([['attachments', new URL(FILES.url)]])
  })

  it('still routes to a service that has stopped answering, and no longer offers it', async () => {
    const { directory, clock, answers } = setUp()
    await directory.describeAll()
    answers.attachments = false
    clock.now = 30_000
    expect((await directory.describeAll()).size).toBe(0)
    expect([...(await directory.publicUrls())]).toEqual([['attachments', new URL(FILES.url)]])
  })
})

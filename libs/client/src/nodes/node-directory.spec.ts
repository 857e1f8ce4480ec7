import { describe, expect, it } from '@jest/globals'
import { TransportError } from '../errors.ts'
import { fakeEnvironment, fakeNodes, fakeSource } from '../node/fakes/environment.suite.ts'
import { DirectoryUnavailableError } from './errors.ts'
import { LIST_LIFETIME_MS, NodeDirectory } from './node-directory.ts'

const nodes = fakeNodes(4)
const [first] = nodes
const name = first?.ed25519 ?? ''

describe('NodeDirectory', () => {
  it('fetches the list once, also for calls at the same time, and again when it is old', async () => {
    const environment = fakeEnvironment()
    const source = fakeSource(nodes)
    const directory = new NodeDirectory(environment, source)
    await Promise.all([directory.nodes(), directory.nodes(), directory.network()])
    expect(source.loads).toBe(1)
    environment.advance(LIST_LIFETIME_MS)
    await directory.nodes()
    expect(source.loads).toBe(2)
  })

  it('drops a node at its third failure in a row', async () => {
    const directory = new NodeDirectory(fakeEnvironment(), fakeSource(nodes))
    await directory.nodes()
    directory.strike(name)
    directory.strike(name)
    directory.forgive(name)
    directory.strike(name)
    directory.strike(name)
    expect(await directory.nodes()).toHaveLength(4)
    directory.strike(name)
    expect((await directory.nodes()).map((node) => node.ed25519)).not.toContain(name)
    await directory.refresh()
    expect(await directory.nodes()).toHaveLength(4)
  })

  it.each([new DirectoryUnavailableError(), new TransportError('nobody answers')])(
    'tries four times to fetch the list and then says that it could not: %p',
    async (error) => {
      let loads = 0
      const load = (): Promise<never> => {
        loads++
        return Promise.reject(error)
      }
      const directory = new NodeDirectory(fakeEnvironment(), { load })
      await expect(directory.nodes()).rejects.toBeInstanceOf(DirectoryUnavailableError)
      expect(loads).toBe(4)
    },
  )
})

import { describe, expect, it } from '@jest/globals'
import { toHex } from '#crypto'
import { portableCrypto } from '#crypto/portable/index'
import { createClient } from './client.ts'
import { decryptAttachment, encryptAttachment } from './files/attachment.ts'
import { fakeEnvironment, fakeNodes, fakeSource } from './node/fakes/environment.suite.ts'
import { FakeFileServer } from './node/fakes/file-server.suite.ts'
import { FakeNetwork } from './node/fakes/network.suite.ts'
import { guardByUrl } from './onion/guard-url.ts'

describe('a client as a browser has it', () => {
  it('sends a file with portable crypto through the nodes at their URLs', async () => {
    const nodes = fakeNodes(6)
    const network = new FakeNetwork(nodes)
    network.serve = new FakeFileServer().serve
    const { files } = createClient({
      environment: { ...fakeEnvironment(), crypto: portableCrypto },
      transport: network,
      guardUrl: guardByUrl,
      network: fakeSource(nodes, { attachments: network.service }),
    })
    const file = new Uint8Array(40_000).map((_, index) => index)
    const { blob, key } = encryptAttachment(portableCrypto, file, 'stream')
    const { url } = await files.upload(blob, { deterministic: true })
    expect(toHex(decryptAttachment(portableCrypto, await files.download(url), key))).toBe(toHex(file))
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { runCli, type StandaloneProcess, startStandaloneProcess, temporaryDirectory } from '../support/standalone.ts'

/** An address that nothing but this client has. */
const CLIENT_ADDRESS = '127.0.0.77'

/** One request from the address of its own. */
function send(url: string, method: string, headers: Record<string, string> = {}, body?: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, localAddress: CLIENT_ADDRESS }, (reply) => {
      const pieces: Buffer[] = []
      reply.on('data', (piece: Buffer) => pieces.push(piece))
      reply.on('end', () => resolve(Buffer.concat(pieces)))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

describe('what the operator gets to see', () => {
  let sotto: StandaloneProcess
  const directory = temporaryDirectory()
  /** Values that identify a person or a file; none may appear anywhere. */
  const secrets: string[] = [CLIENT_ADDRESS]

  beforeAll(async () => {
    sotto = await startStandaloneProcess({ SOTTO_LOG_LEVEL: 'debug', SOTTO_FILE_MAX_TTL: '2592000' })
    await useEverything()
  }, 120_000)
  afterAll(async () => {
    await sotto.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  async function useEverything(): Promise<void> {
    const service = sotto.attachments
    for (const size of [1000, 300_000]) {
      const body = randomBytes(size)
      const { id } = JSON.parse((await send(`${service}/file`, 'POST', {}, body)).toString()) as { id: string }
      secrets.push(id, createHash('sha256').update(body).digest('hex'))
      for (const path of [`/file/${id}`, `/file/${id}/info`, `/files/${id}`]) await send(service + path, 'GET')
      await send(`${service}/file/${id}/extend`, 'POST')
    }
    const source = join(directory, 'a-telling-file-name')
    writeFileSync(source, randomBytes(20_000))
    const put = JSON.parse((await runCli(sotto.network, 'put', source, '--json')).stdout) as {
      url: string
      key: string
    }
    const id = /\/file\/([^#]+)/.exec(put.url)?.[1] ?? ''
    expect(id).not.toBe('')
    secrets.push(id, put.key, 'a-telling-file-name')
    await runCli(sotto.network, 'get', put.url, '--key', put.key, '-o', join(directory, 'copy'))

    const unknown = 'unknown'.padEnd(44, 'x')
    const blinded = `07${randomBytes(32).toString('hex')}`
    secrets.push(unknown, blinded, 'secret-in-a-query', 'secret-in-a-path', 'secret-in-a-body')
    await send(`${service}/file/${unknown}`, 'GET')
    await send(`${service}/session_version?platform=secret-in-a-query`, 'GET', { 'X-FS-Pubkey': blinded })
    await send(`${service}/secret-in-a-path?secret-in-a-query`, 'GET')
    await send(`${service}/files`, 'POST', {}, Buffer.from('{"file": "secret-in-a-body'))
    for (const path of ['/oxen/v4/lsrpc', '/oxen/v3/lsrpc']) {
      await send(service + path, 'POST', {}, Buffer.from('secret-in-a-body'))
    }
    await send(`${sotto.network}/json_rpc`, 'POST', {}, Buffer.from('{"method":"secret-in-a-body"'))
    const { nodes } = await sotto.discovery()
    const node = `${sotto.network}/nodes/${nodes[0]?.pubkey_ed25519 ?? ''}`
    for (const path of ['/onion_req/v2', '/storage_rpc/v1']) {
      await send(node + path, 'POST', {}, Buffer.from('secret-in-a-body'))
    }
    const account = `05${randomBytes(32).toString('hex')}`
    secrets.push(account)
    const rpc = JSON.stringify({ method: 'get_swarm', params: { pubkey: account } })
    const reply = await send(`${node}/storage_rpc/v1`, 'POST', {}, Buffer.from(rpc))
    const { snodes } = JSON.parse(reply.toString()) as { snodes: { pubkey_ed25519: string }[] }
    await useMailbox(`${sotto.network}/nodes/${snodes[0]?.pubkey_ed25519 ?? ''}/storage_rpc/v1`, account)
  }

  async function useMailbox(url: string, pubkey: string): Promise<void> {
    const data = randomBytes(200).toString('base64')
    const params = { pubkey, namespace: 0, timestamp: Date.now(), ttl: 60_000, data }
    const store = Buffer.from(JSON.stringify({ method: 'store', params }))
    const { hash } = JSON.parse((await send(url, 'POST', {}, store)).toString()) as { hash: string }
    expect(hash).toHaveLength(43)
    secrets.push(hash, data)
    const retrieve = { method: 'retrieve', params: { pubkey, last_hash: hash } }
    const requests = [retrieve, { method: 'delete', params: { pubkey, messages: [hash], signature: 'AA' } }]
    for (const request of requests) await send(url, 'POST', {}, Buffer.from(JSON.stringify(request)))
  }

  function leaks(text: string): string[] {
    return secrets.filter((secret) => text.includes(secret))
  }

  it('has something to look for', () => {
    expect(secrets.length).toBeGreaterThan(12)
    expect(leaks(`a line with ${secrets[1] ?? ''}`)).toHaveLength(1)
  })

  it('names nobody in the log, even at its most talkative', () => {
    expect(sotto.output().length).toBeGreaterThan(500)
    expect(leaks(sotto.output())).toEqual([])
  })

  it('names nobody in the metrics', async () => {
    const metrics = await (await fetch(`${sotto.operations}/metrics`)).text()
    expect(metrics).toContain('sotto_')
    expect(leaks(metrics)).toEqual([])
  })

  it('names nobody in file names', () => {
    const names = readdirSync(sotto.dataDirectory, { recursive: true }).join('\n')
    expect(names.length).toBeGreaterThan(0)
    expect(leaks(names)).toEqual([])
  })
})

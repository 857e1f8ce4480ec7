import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const MODULE = join(import.meta.dirname, 'run-main.ts')

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly errors: string
}

/** Runs `start` (source of an async function) under `runMain`; `act` is called with each line of its standard output. */
function run(start: string, act: (child: ChildProcess, line: string) => void = () => {}): Promise<Ended> {
  const source = `
    const { runMain } = await import(${JSON.stringify(MODULE)})
    const say = (line) => process.stdout.write(line + '\\n')
    const forever = () => { setInterval(() => {}, 1000); return new Promise(() => {}) }
    await Promise.race([runMain(${start}).then(() => say('started')), new Promise((resolve) => setTimeout(resolve, 0))])
  `
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--experimental-transform-types', '--input-type=module', '--eval', source],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter(Boolean)) act(child, line)
  })
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, errors }))
  })
}

/** Kills with `signal` when the child says `word`. */
const on =
  (word: string, signal: NodeJS.Signals) =>
  (child: ChildProcess, line: string): void => {
    if (line === word) child.kill(signal)
  }

const ALIVE = 'setInterval(() => {}, 1000)'

describe('runMain', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 after a clean stop by %s', async (signal) => {
    const start = `async () => { ${ALIVE}; return { stop: async () => true } }`
    expect(await run(start, on('started', signal))).toEqual({ code: 0, signal: null, errors: '' })
  })

  it('ends with 1 when the stop was not clean', async () => {
    const start = `async () => { ${ALIVE}; return { stop: async () => false } }`
    expect(await run(start, on('started', 'SIGTERM'))).toMatchObject({ code: 1 })
  })

  it('ends with 1 when the stop fails, and names the code and not the message', async () => {
    const start = `async () => { ${ALIVE}; return { stop: async () => { throw Object.assign(new Error('secret'), { code: 'STORE_FULL' }) } } }`
    const ended = await run(start, on('started', 'SIGTERM'))
    expect(ended).toMatchObject({ code: 1, errors: expect.stringContaining('STORE_FULL') })
    expect(ended.errors).not.toContain('secret')
  })

  it('shows one sentence when the start fails for a reason with a code', async () => {
    const start = `async () => { throw Object.assign(new Error('The port is taken.'), { code: 'PORT_UNAVAILABLE' }) }`
    expect(await run(start)).toEqual({ code: 1, signal: null, errors: 'The port is taken.\n' })
  })

  it.each([
    ['has no code', `new TypeError('fault')`],
    ['was found by Node', `Object.assign(new TypeError('fault'), { code: 'ERR_INVALID_ARG_TYPE' })`],
  ])('shows the stack of a fault that %s', async (_name, error) => {
    const ended = await run(`async () => { throw ${error} }`)
    expect(ended.code).toBe(1)
    expect(ended.errors).toMatch(/TypeError.*fault\n\s+at /)
  })

  it('ends at once at the second signal', async () => {
    const start = `async () => { ${ALIVE}; return { stop: () => { say('stopping'); return forever() } } }`
    const ended = await run(start, (child, line) => {
      if (line === 'started' || line === 'stopping') child.kill('SIGTERM')
    })
    expect(ended).toEqual({ code: 1, signal: null, errors: '' })
  })

  it('ends at a signal during the start', async () => {
    const start = `() => { say('starting'); return forever() }`
    expect(await run(start, on('starting', 'SIGTERM'))).toEqual({ code: 1, signal: null, errors: '' })
  })

  it.each([
    ['thrown', (fault: string) => `setTimeout(() => { throw ${fault} }, 0)`],
    ['a rejection', (fault: string) => `void Promise.reject(${fault})`],
  ])('ends with 1 at an error that nobody catches (%s), and does not show its message', async (_name, happen) => {
    const start = `async () => { ${ALIVE}; ${happen("new RangeError('secret')")}; return { stop: async () => true } }`
    const ended = await run(start)
    expect(ended).toMatchObject({ code: 1, errors: expect.stringMatching(/^uncaught: RangeError at .+\n$/) })
    expect(ended.errors).not.toContain('secret')
  })
})

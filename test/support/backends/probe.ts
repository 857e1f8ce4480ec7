import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('the system gave no port')
  return address.port
}

/** What a server answers to a line of text, and so whether it is ready. */
export interface Greeting {
  readonly send: string
  readonly expect: string
}

/** Whether what answers on a loopback port greets as expected, within a second. */
export async function answers(port: number, { send, expect }: Greeting): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    return await new Promise<boolean>((resolve) => {
      let received = ''
      socket.setTimeout(1_000, () => resolve(false))
      socket.on('error', () => resolve(false)).on('close', () => resolve(false))
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1')
        if (received.includes(expect)) resolve(true)
      })
      socket.write(send)
    })
  } finally {
    socket.destroy()
  }
}

/** Asks again and again until `condition` holds; false when it does not within `timeoutMs`. */
export async function until(condition: () => Promise<boolean>, timeoutMs = 15_000): Promise<boolean> {
  const end = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > end) return false
    await sleep(20)
  }
  return true
}

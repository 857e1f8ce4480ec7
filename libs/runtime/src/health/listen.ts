import type { Server } from 'node:net'
import { RuntimeError } from '../errors/runtime-error.ts'

/** Somebody else listens there already, or the port may not be used. */
export class PortUnavailableError extends RuntimeError {
  override readonly name = 'PortUnavailableError'
  readonly code = 'PORT_UNAVAILABLE'
}

/** Turns the error of a failed `listen` on `port` into one sentence that names the variable to change; other errors pass as they are. */
export function portError(error: unknown, port: number, variable: string): Error {
  const reason = (error as NodeJS.ErrnoException | undefined)?.code
  if (reason === 'EADDRINUSE') {
    return new PortUnavailableError(`Port ${port} is taken by another program; set ${variable} to a free one.`, {
      cause: error,
    })
  }
  if (reason === 'EACCES') {
    return new PortUnavailableError(`Port ${port} may not be used by this user; set ${variable} to one above 1023.`, {
      cause: error,
    })
  }
  if (reason === 'EADDRNOTAVAIL' || reason === 'ENOTFOUND' || reason === 'EAI_AGAIN') {
    return new PortUnavailableError(
      `This machine has no such address to listen on at port ${port}; set SOTTO_BIND_HOST.`,
      { cause: error },
    )
  }
  return error instanceof Error ? error : new Error('listening failed', { cause: error })
}

/**
 * Listens and resolves with the port in use.
 *
 * @throws PortUnavailableError when the port cannot be had
 */
export function listen(server: Server, options: { port: number; host: string; variable: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(portError(error, options.port, options.variable))
    server.once('error', fail)
    server.listen({ port: options.port, host: options.host }, () => {
      server.off('error', fail)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : options.port)
    })
  })
}

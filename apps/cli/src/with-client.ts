import type { Client } from '#client'
import type { CliContext } from './context.ts'

/** Runs `work` with a client whose connections are closed afterwards, whatever happens. */
export async function withClient<T>(context: CliContext, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = context.connect()
  try {
    return await work(connection.client)
  } finally {
    await connection.close()
  }
}

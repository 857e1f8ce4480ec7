import { encodePushRequests, encodeV4Request } from '#protocol'
import { openV4, postSealed, seal } from '../../../apps/attachments/src/testing/sealed-client.suite.ts'
import type { InProcessPush } from '../../support/push-harness.ts'
import type { SignedRequest } from './requests.suite.ts'

/** Posts identical bytes at each call; the answer to the push request in them. */
export type Posting = () => Promise<unknown>

/** Makes the bytes of a request once. */
export type Door = (relay: Pick<InProcessPush, 'url' | 'key'>, request: SignedRequest) => Posting

const plain: Door = ({ url }, { endpoint, body }) => {
  const bytes = encodePushRequests(body).slice()
  return async () => (await fetch(url + endpoint, { method: 'POST', body: bytes })).json()
}

/** Whoever carries the frame has it, though nobody but the relay can read it. */
const v4: Door = ({ url, key }, { endpoint, body }) => {
  const { frame, layerKey } = seal(
    key,
    encodeV4Request({ method: 'POST', endpoint, headers: {} }, encodePushRequests(body)),
  )
  return async () => {
    const reply = await openV4(await postSealed(url, frame), layerKey)
    return JSON.parse(Buffer.from(reply.body).toString()) as unknown
  }
}

export const doors: readonly (readonly [string, Door])[] = [
  ['plain HTTP', plain],
  ['sealed v4 bytes', v4],
]

import { toHex } from '#crypto'
import type { Attachments } from '#apps/attachments'
import type { Gateway } from '#apps/gateway'
import type { Push } from '#apps/push'
import type { StandaloneConfig } from './config.ts'

/** What a newcomer needs to know once everything listens: where things are, under which keys, and something to try. */
export function welcome(
  config: StandaloneConfig,
  gateway: Gateway,
  { attachments, push }: { readonly attachments: Attachments; readonly push: Push },
): readonly string[] {
  const { own } = gateway.directory
  const [first] = own
  const { publicIp, publicUrl, nodePortBase } = config.gateway
  const network = publicUrl === 'http://127.0.0.1:3000' ? '' : `SOTTO_NETWORK=${publicUrl} `
  return [
    'Sotto is ready.',
    '',
    `  network      ${publicUrl}   (seed: POST /json_rpc, discovery: /.well-known/sotto.json)`,
    `  nodes        ${own.length} at https://${publicIp}:${nodePortBase}-${nodePortBase + own.length - 1}`,
    `  first node   ${first?.record.pubkeyEd25519 ?? 'none'}`,
    `  attachments  ${attachments.url}`,
    `  its key      ${toHex(attachments.keys.ed25519)} (Ed25519)`,
    `  push         ${push.url}   (${push.services.join(', ') || 'no service'})`,
    `  its key      ${toHex(push.keys.ed25519)} (Ed25519)`,
    `  health       http://127.0.0.1:${config.operationsPort}/readyz and /metrics`,
    `  data         ${config.dataDirectory}`,
    '',
    'Try it in a second terminal:',
    '',
    `  ${network}npm run demo`,
    `  ${network}npm run sotto -- put README.md`,
    '',
    'Stop with Ctrl+C.',
  ]
}

import { z } from 'zod'
import { json, nothing } from './codec.ts'
import { defineRequest, type RequestDefinition } from './definition.ts'

const publicKey = z.string().regex(/^[0-9a-f]{64}$/)

const serviceDescription = z.object({
  /** Name of the service, as in its subject. */
  service: z.string(),
  /** Where its HTTP door is inside the cluster. */
  url: z.url(),
  /** 32 bytes in lower-case hex. */
  pubkeyEd25519: publicKey,
  /** 32 bytes in lower-case hex; what clients seal their requests to. */
  pubkeyX25519: publicKey,
})

/** Where a service is and which public keys it has. */
export type ServiceDescription = z.infer<typeof serviceDescription>

function describeService(subject: string): RequestDefinition<undefined, ServiceDescription> {
  return defineRequest({ subject, request: nothing, reply: json(serviceDescription) })
}

/** The gateway asks the attachment service where it is and which keys it has. */
export const describeAttachments = describeService('sotto.attachments.describe')

/** The gateway asks the push relay where it is and which keys it has. */
export const describePush = describeService('sotto.push.describe')

/** The services of this deployment that clients reach through the exit. */
export const SERVICE_NAMES = ['attachments', 'push'] as const

export type ServiceName = (typeof SERVICE_NAMES)[number]

/** Whether `name` is a service. */
export function isServiceName(name: string): name is ServiceName {
  return (SERVICE_NAMES as readonly string[]).includes(name)
}

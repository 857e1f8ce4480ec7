import { Namespace } from '../mailbox/namespaces.ts'

/** Whether the user is to be woken at once: for a message, of a person or in a group, whose body the payload includes (push §7.2). */
export function isUrgent(namespace: number, isBodyIncluded: boolean): boolean {
  return isBodyIncluded && (namespace === Namespace.Messages || namespace === Namespace.GroupMessages)
}

import type { FilesContext } from './context.ts'

/** Deletes a blob that nothing needs any more. A failure is reported, not thrown: the orphan sweep finds the blob later. */
export async function deleteBlob(
  context: Pick<FilesContext, 'blobs' | 'events'>,
  key: string | undefined,
): Promise<void> {
  if (key === undefined) return
  try {
    await context.blobs.delete(key)
  } catch (error) {
    context.events.cleanupFailed(error)
  }
}

import { runMain } from '#runtime'
import { runAttachments } from './run-attachments.ts'

await runMain(() => runAttachments(process.env))

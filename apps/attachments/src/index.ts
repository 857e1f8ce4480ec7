export { type AttachmentsConfig, attachmentsConfig } from './config/attachments-config.ts'
export { ATTACHMENTS_VARIABLES } from './config/variables.ts'
export { type Attachments, type AttachmentsDependencies, createAttachments } from './create-attachments.ts'
export type { Stores } from './stores/stores.ts'

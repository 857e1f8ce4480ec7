/** Writes the documents that follow from the source: `npm run docs`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderDocs } from './render-docs.ts'

const root = join(import.meta.dirname, '../..')
for (const [path, text] of Object.entries(renderDocs())) {
  writeFileSync(join(root, path), text)
  console.log(`wrote ${path}`)
}

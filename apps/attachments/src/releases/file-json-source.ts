import { readFile, stat } from 'node:fs/promises'
import { parseObject } from '../json/json-object.ts'
import type { JsonDocument, JsonSource } from './json-source.ts'

/** A JSON file, read again when its time of change differs. An unusable new version leaves the last usable one in place. */
export class FileJsonSource implements JsonSource {
  private document: JsonDocument | undefined
  private version: string | undefined

  constructor(
    private readonly path: string,
    private readonly report: (error: unknown) => void,
  ) {}

  async current(): Promise<JsonDocument | undefined> {
    try {
      const { mtimeMs, size } = await stat(this.path)
      const version = `${mtimeMs} ${size}`
      if (version === this.version) return this.document
      const members = parseObject(await readFile(this.path, 'utf8'))
      if (members !== undefined) this.document = { members, refreshedAt: mtimeMs }
      this.version = version
    } catch (error) {
      this.report(error)
    }
    return this.document
  }
}

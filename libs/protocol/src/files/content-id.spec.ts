import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { contentId, createContentIdHasher, quicContentId } from './content-id.ts'
import { implementations, patternBytes, vectors } from './vectors.suite.ts'

describe.each(implementations)('contentId with %s crypto', (_name, crypto) => {
  it.each(vectors.content_ids)('gives the ids of both servers: $name', ({ data, id_http, id_quic }) => {
    const bytes = patternBytes(data)
    expect(contentId(crypto, bytes)).toBe(id_http)
    expect(quicContentId(crypto, bytes)).toBe(id_quic)
  })

  it('is the same however the bytes are cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (pieces) => {
        const hasher = createContentIdHasher(crypto)
        for (const piece of pieces) hasher.update(piece)
        expect(hasher.digest()).toBe(contentId(crypto, Uint8Array.from(pieces.flatMap((piece) => [...piece]))))
      }),
      { numRuns: 30 },
    )
  })
})

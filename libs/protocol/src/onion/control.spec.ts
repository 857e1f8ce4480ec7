import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { utf8 } from '#crypto'
import {
  buildGuardControl,
  buildRelayControl,
  buildServerControl,
  ControlError,
  InvalidJsonError,
  InvalidUrlError,
  type LayerControl,
  MAX_CONTROL_LENGTH,
  parseGuardControl,
  parseLayerControl,
} from './index.ts'

const KEY = 'ab'.repeat(32)
const guard = (control: unknown) => parseGuardControl(utf8(JSON.stringify(control)))
const layer = (control: unknown): LayerControl => parseLayerControl(utf8(JSON.stringify(control)))
const server = { host: 'files.example', target: '/oxen/v4/lsrpc' }
const relay = { destination: KEY, ephemeral_key: KEY }

describe('parseGuardControl', () => {
  it('takes aes-gcm and hop 0 as defaults', () => {
    const ephemeralKey = new Uint8Array(32).fill(0xab)
    expect(guard({ ephemeral_key: KEY })).toEqual({ ephemeralKey, encryptionType: 'aes-gcm', hopNumber: 0 })
    expect(guard({ ephemeral_key: KEY.toUpperCase() }).ephemeralKey).toEqual(ephemeralKey)
  })

  it('takes a negative hop number as 0', () => {
    expect(guard({ ephemeral_key: KEY, hop_no: -3 }).hopNumber).toBe(0)
    expect(guard({ ephemeral_key: KEY, hop_no: 3, more: 1 }).hopNumber).toBe(3)
  })

  it.each([
    [[], 'control is not a JSON object'],
    [null, 'control is not a JSON object'],
    [{}, 'ephemeral_key must be 64 hex digits'],
    [{ ephemeral_key: 5 }, 'ephemeral_key must be 64 hex digits'],
    [{ ephemeral_key: KEY + 'ab' }, 'ephemeral_key must be 64 hex digits'],
    [{ ephemeral_key: KEY, enc_type: 1 }, 'enc_type must be a string'],
    [{ ephemeral_key: KEY, enc_type: 'rot13' }, 'Invalid encryption type rot13'],
    [{ ephemeral_key: KEY, enc_type: '' }, 'Invalid encryption type '],
    [{ ephemeral_key: KEY, hop_no: '1' }, 'hop_no must be an integer'],
    [{ ephemeral_key: KEY, hop_no: 1.5 }, 'hop_no must be an integer'],
  ])('refuses %j', (control, reason) => {
    expect(() => guard(control)).toThrow(ControlError)
    expect(() => guard(control)).toThrow(new RegExp(`^${reason}$`))
  })

  it('refuses text that is not UTF-8', () => {
    expect(() => parseGuardControl(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(ControlError)
  })

  it('takes the longest control allowed and none longer', () => {
    const padded = (length: number) => utf8(JSON.stringify({ ephemeral_key: KEY }).padEnd(length))
    for (const length of [MAX_CONTROL_LENGTH - 1, MAX_CONTROL_LENGTH]) {
      expect(parseGuardControl(padded(length)).encryptionType).toBe('aes-gcm')
    }
    expect(() => parseGuardControl(padded(MAX_CONTROL_LENGTH + 1))).toThrow(ControlError)
  })
})

describe('parseLayerControl', () => {
  it('prefers headers to host, and host to a relay', () => {
    expect(layer({ ...relay, ...server, headers: null }).kind).toBe('destination')
    expect(layer({ ...relay, ...server }).kind).toBe('server')
    expect(layer(relay).kind).toBe('relay')
  })

  it('takes base64 text as the default form of a reply', () => {
    expect(layer({ headers: '' })).toEqual({ kind: 'destination', json: false, base64: true })
    expect(layer({ headers: [], json: true, base64: false })).toEqual({
      kind: 'destination',
      json: true,
      base64: false,
    })
  })

  it('takes https and 443 as the default way to a server', () => {
    expect(layer(server)).toEqual({ kind: 'server', ...server, protocol: 'https', port: 443 })
    expect(layer({ ...server, protocol: 'http', port: 65535 })).toMatchObject({ protocol: 'http', port: 65535 })
  })

  it('gives the next node in lower case', () => {
    expect(layer({ ...relay, destination: KEY.toUpperCase(), enc_type: 'cbc' })).toEqual({
      kind: 'relay',
      destination: KEY,
      ephemeralKey: new Uint8Array(32).fill(0xab),
      encryptionType: 'aes-cbc',
    })
  })

  it.each([
    [[]],
    [{}],
    [{ headers: {}, json: 1 }],
    [{ headers: {}, base64: null }],
    [{ host: null, target: server.target }],
    [{ ...server, target: undefined }],
    [{ ...server, target: 4 }],
    [{ ...server, protocol: 1 }],
    [{ ...server, port: '443' }],
    [{ ...server, port: 65536 }],
    [{ ...server, port: -1 }],
    [{ ...server, port: 1.5 }],
    [{ ...relay, destination: 'ab' }],
    [{ ...relay, ephemeral_key: undefined }],
    [{ ...relay, enc_type: 'rot13' }],
    [{ ...relay, enc_type: 7 }],
  ])('refuses %j as invalid JSON', (control) => {
    expect(() => layer(control)).toThrow(InvalidJsonError)
    expect(() => layer(control)).toThrow('Invalid json')
  })

  it.each([
    [{ ...server, protocol: 'ftp' }],
    [{ ...server, protocol: '' }],
    [{ ...server, target: '/admin' }],
    [{ ...server, target: '/oxen/v4/lsrpc?x' }],
  ])('refuses %j as an invalid URL', (control) => {
    expect(() => layer(control)).toThrow(InvalidUrlError)
    expect(() => layer(control)).toThrow('Invalid url')
  })

  it('throws nothing but its errors on any JSON or bytes', () => {
    const member = fc.constantFrom(
      'headers',
      'host',
      'target',
      'port',
      'destination',
      'ephemeral_key',
      'enc_type',
      'json',
    )
    const content = fc.oneof(fc.constantFrom(KEY, server.target, 'gcm', 80, true), fc.jsonValue())
    const controls = fc.oneof(
      fc.dictionary(member, content).map((control) => utf8(JSON.stringify(control))),
      fc.json().map(utf8),
      fc.uint8Array(),
    )
    fc.assert(
      fc.property(controls, (control) => {
        try {
          expect(['destination', 'server', 'relay']).toContain(parseLayerControl(control).kind)
        } catch (error) {
          if (!(error instanceof InvalidJsonError) && !(error instanceof InvalidUrlError)) throw error
        }
        try {
          expect(parseGuardControl(control).ephemeralKey).toHaveLength(32)
        } catch (error) {
          if (!(error instanceof ControlError)) throw error
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the builders of controls', () => {
  const ephemeralKey = new Uint8Array(32).fill(0xab)
  const gcm = { ephemeralKey, encryptionName: 'aes-gcm' }
  const xchacha20 = { ephemeralKey, encryptionName: 'xchacha20' }

  it('leave an https address out in desktop style', () => {
    const address = { ...server, protocol: 'https', port: 443 } as const
    expect(buildServerControl('desktop', address, gcm)).toBe(
      `{"host":"files.example","target":"/oxen/v4/lsrpc","method":"POST","ephemeral_key":"${KEY}"}`,
    )
  })

  it('say a type that is not the default in either style', () => {
    for (const style of ['desktop', 'library'] as const) {
      expect(parseGuardControl(utf8(buildGuardControl(style, xchacha20))).encryptionType).toBe('xchacha20')
      expect(layer(JSON.parse(buildRelayControl(style, KEY, xchacha20)))).toMatchObject({ encryptionType: 'xchacha20' })
    }
  })

  it('say a hop number only when it is given', () => {
    expect(buildGuardControl('desktop', gcm)).toBe(`{"ephemeral_key":"${KEY}"}`)
    expect(guard(JSON.parse(buildGuardControl('library', gcm, 4))).hopNumber).toBe(4)
  })
})

/**
 * As much of a WebSocket client (RFC 6455) as Node's inspector needs: text frames to and from one loopback server.
 * Node 20 has no WebSocket of its own.
 */
import { randomBytes } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'

const FINAL_TEXT = 0x81
const CLOSE = 0x8
const MASKED = 0x80

export class WebSocketClient {
  readonly #socket: Socket
  readonly #received: (text: string) => void
  #buffer: Buffer
  #fragments: Buffer[] = []

  private constructor(socket: Socket, head: Buffer, received: (text: string) => void, closed: () => void) {
    this.#socket = socket
    this.#received = received
    this.#buffer = head
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', () => undefined)
    socket.once('close', closed)
    this.#read(Buffer.alloc(0))
  }

  static connect(url: string, received: (text: string) => void, closed: () => void): Promise<WebSocketClient> {
    const { hostname, port, pathname } = new URL(url)
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    }
    return new Promise((resolve, reject) => {
      const upgrade = request({ hostname, port, path: pathname, headers })
      upgrade.once('error', reject)
      upgrade.once('response', ({ statusCode }: IncomingMessage) =>
        reject(new Error(`The inspector answered ${statusCode} to an upgrade.`)),
      )
      upgrade.once('upgrade', (_response: IncomingMessage, socket: Socket, head: Buffer) => {
        resolve(new WebSocketClient(socket, head, received, closed))
      })
      upgrade.end()
    })
  }

  send(text: string): void {
    const payload = Buffer.from(text)
    const mask = randomBytes(4)
    const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
    this.#socket.write(Buffer.concat([frameHeader(payload.length), mask, masked]))
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk])
    for (let frame = nextFrame(this.#buffer); frame !== undefined; frame = nextFrame(this.#buffer)) {
      this.#buffer = this.#buffer.subarray(frame.end)
      if (frame.opcode === CLOSE) return this.close()
      this.#fragments.push(frame.payload)
      if (!frame.final) continue
      const text = Buffer.concat(this.#fragments).toString()
      this.#fragments = []
      this.#received(text)
    }
  }
}

function frameHeader(length: number): Buffer {
  if (length < 126) return Buffer.from([FINAL_TEXT, MASKED | length])
  if (length < 65_536) {
    const header = Buffer.from([FINAL_TEXT, MASKED | 126, 0, 0])
    header.writeUInt16BE(length, 2)
    return header
  }
  const header = Buffer.from([FINAL_TEXT, MASKED | 127, 0, 0, 0, 0, 0, 0, 0, 0])
  header.writeBigUInt64BE(BigInt(length), 2)
  return header
}

interface Frame {
  readonly opcode: number
  readonly final: boolean
  readonly payload: Buffer
  /** Where the next frame begins. */
  readonly end: number
}

function nextFrame(buffer: Buffer): Frame | undefined {
  if (buffer.length < 2) return undefined
  const first = buffer.readUInt8(0)
  const short = buffer.readUInt8(1) & 0x7f
  const start = short === 126 ? 4 : short === 127 ? 10 : 2
  if (buffer.length < start) return undefined
  const length = short === 126 ? buffer.readUInt16BE(2) : short === 127 ? Number(buffer.readBigUInt64BE(2)) : short
  const end = start + length
  if (buffer.length < end) return undefined
  return { opcode: first & 0xf, final: (first & 0x80) !== 0, payload: buffer.subarray(start, end), end }
}

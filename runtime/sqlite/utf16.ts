/**
 * Any string as bytes; UTF-8 could not hold lone surrogates. The buffer of an empty one is not empty: `node:sqlite` of Node 22 takes bytes
 * without a buffer for NULL, which no id equals.
 */
export function toUtf16(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(new ArrayBuffer(Math.max(1, text.length * 2)), 0, text.length * 2)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    bytes[2 * i] = unit
    bytes[2 * i + 1] = unit >> 8
  }
  return bytes
}

export function fromUtf16(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf16le')
}

import { describe, expect, test } from 'vitest'
import type { Operation } from './operation.ts'
import { OperationIndex } from './operation-index.ts'

const erase: Operation = { kind: 'erase', node: 'decorator', span: { start: 10, end: 20 } }
const by = { object: '$s', method: 'now', arguments: [] }
const replaceCall: Operation = { kind: 'replace callee', at: 'call', span: { start: 30, end: 40 }, by }
const replaceCallee: Operation = { kind: 'replace callee', at: 'callee', span: { start: 30, end: 40 }, by }

describe('OperationIndex', () => {
  test('gives each operation once, by kind and span', () => {
    const index = new OperationIndex([erase])
    expect(index.take('leave body', erase.span)).toBeUndefined()
    expect(index.take('erase', { start: 10, end: 21 })).toBeUndefined()
    expect(index.take('erase', { start: 10, end: 20 })).toBe(erase)
    expect(index.take('erase', { start: 10, end: 20 })).toBeUndefined()
    expect(index.has('erase', { start: 10, end: 20 })).toBe(true)
  })

  test('tells a call from its callee', () => {
    const index = new OperationIndex([replaceCall, replaceCallee])
    expect(index.takeCallee('callee', replaceCall.span)).toBe(replaceCallee)
    expect(index.takeCallee('call', replaceCall.span)).toBe(replaceCall)
  })

  test('knows what ranges are touched', () => {
    const index = new OperationIndex([replaceCall, erase])
    expect([
      index.touches(0, 10),
      index.touches(0, 11),
      index.touches(10, 11),
      index.touches(11, 30),
      index.touches(11, 31),
      index.touches(31, 99),
    ]).toEqual([false, true, true, false, true, false])
  })

  test('throws for an operation that was never carried out', () => {
    const index = new OperationIndex([erase, replaceCall])
    index.take('erase', erase.span)
    expect(() => index.assertDone('order.ts')).toThrow('"replace callee" found nothing at 30–40 of order.ts')
    index.takeCallee('call', replaceCall.span)
    expect(() => index.assertDone('order.ts')).not.toThrow()
  })
})

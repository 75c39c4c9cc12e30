import { describe, expect, test } from 'vitest'
import { parseArguments, wholeNumber, type OptionSpecs } from './arguments.ts'

const specs: OptionSpecs = {
  status: { type: 'string', multiple: true, short: 's', help: '' },
  store: { type: 'string', help: '' },
  json: { type: 'boolean', help: '' },
}

describe('parseArguments', () => {
  test('reads operands, flags, single and repeated options in any order', () => {
    const args = parseArguments(['A-1', '--json', '-s', 'stuck', '--store=o.db', '--status', 'failed'], specs, ['id'])
    expect(args.operands).toEqual(['A-1'])
    expect(args.flag('json')).toBe(true)
    expect(args.text('store')).toBe('o.db')
    expect(args.texts('status')).toEqual(['stuck', 'failed'])
    expect(args.text('absent')).toBeUndefined()
    expect(args.texts('absent')).toEqual([])
  })

  test('takes what follows -- as operands, so that an id may begin with a dash', () => {
    expect(parseArguments(['--json', '--', '-1'], specs, ['id']).operands).toEqual(['-1'])
  })

  test('takes any number of operands under a name that ends with dots, but one', () => {
    expect(parseArguments(['a', 'b', 'c'], specs, ['files...']).operands).toEqual(['a', 'b', 'c'])
    expect(() => parseArguments([], specs, ['files...'])).toThrowError('<files...> is missing.')
  })

  test('reads an option whose value may be left out', () => {
    const maps: OptionSpecs = { ...specs, maps: { type: 'string', short: 'm', optionalValues: ['inline', 'true'], help: '' } }
    const read = (...argv: string[]): unknown => {
      const args = parseArguments(argv, maps, ['files...'])
      return [args.text('maps'), args.operands]
    }
    expect(read('-m', 'inline', 'a')).toEqual(['inline', ['a']])
    expect(read('-m', 'a')).toEqual(['', ['a']])
    expect(read('a', '--maps')).toEqual(['', ['a']])
    expect(read('--maps=true', 'a')).toEqual(['true', ['a']])
    expect(read('a', '--', '-m')).toEqual([undefined, ['a', '-m']])
  })

  test.each([
    { argv: [], message: '<id> is missing.' },
    { argv: ['a', 'b'], message: '"b" is one argument too many.' },
    { argv: ['a', '--nope'], message: 'Unknown option "--nope".' },
    { argv: ['a', '--store'], message: 'Option "--store <value>" argument missing.' },
  ])('refuses $argv', ({ argv, message }) => {
    expect(() => parseArguments(argv, specs, ['id'])).toThrowError(expect.objectContaining({ message, exitCode: 2, code: 'usage' }))
  })
})

describe('wholeNumber', () => {
  test('reads whole numbers', () => {
    expect(wholeNumber('limit', '12', 1)).toBe(12)
  })

  test.each(['0', '-1', '1.5', 'x', '', '9007199254740993'])('refuses "%s"', (text) => {
    expect(() => wholeNumber('limit', text, 1)).toThrowError(`--limit is "${text}": give a whole number of at least 1.`)
  })
})

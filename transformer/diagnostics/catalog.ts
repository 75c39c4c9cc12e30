/**
 * Every diagnostic: code, severity, title, message and fix. Compiler output, thrown errors and the pages in
 * `docs/diagnostics/` come from here. A message names the thing and the value; the fix says what to write.
 */
import type { Severity } from './diagnostic.ts'

export interface CatalogEntry<Details> {
  readonly severity: Severity
  readonly title: string
  readonly message: (details: Details) => string
  readonly fix: (details: Details) => string
}

function error<Details>(title: string, message: (details: Details) => string, fix: (details: Details) => string): CatalogEntry<Details> {
  return { severity: 'error', title, message, fix }
}

function warning<Details>(title: string, message: (details: Details) => string, fix: (details: Details) => string): CatalogEntry<Details> {
  return { severity: 'warning', title, message, fix }
}

export const catalog = {
  CATGA101: error(
    'Step is not async',
    ({ step }: { step: string }) => `Step "${step}" is not async, so its result cannot wait for the journal.`,
    ({ step }) => `Write "async ${step}(…)".`,
  ),
  CATGA102: error(
    'Step used other than by calling it on this',
    ({ subject, how }: { subject: string; how: string; method: string }) =>
      `${subject} is ${how}, so a call through it has no place in the journal.`,
    ({ method }) => `Write "this.${method}(…)" where the call is made, or pass a closure: "(…) => this.${method}(…)".`,
  ),
  CATGA103: error(
    'Decorated member cannot be a step',
    ({ member, found }: { member: string; found: string }) => `"${member}" is ${found}, which cannot be a step.`,
    () => 'Make it an ordinary async method with a body, or remove @ProcessStep.',
  ),
  CATGA104: error(
    'Step name is taken',
    ({ name, method, other }: { name: string; method: string; other: string }) =>
      `Step "${method}" has the name "${name}", which ${other} already has; the journal could not tell them apart.`,
    ({ method }) => `Give one of them another name: @ProcessStep({ name: '…' }) on "${method}".`,
  ),
  CATGA105: error(
    'Compensation target cannot be called',
    ({ step, target, found }: { step: string; target: string; found: string }) =>
      `Step "${step}" is compensated by "${target}", which ${found}.`,
    ({ target }) => `Let "compensate" name a method of this class with a body: "async ${target}(result, …arguments of the step)".`,
  ),
  CATGA106: error(
    'Compensation target asks for more than it is given',
    ({ step, target, required, given }: { step: string; target: string; required: number; given: number }) =>
      `"${target}" requires ${required} arguments, but undoing step "${step}" gives it ${given}: the step's result, then the step's arguments.`,
    ({ target }) => `Drop parameters of "${target}" or give them defaults.`,
  ),
  CATGA107: error(
    'Option is not known at build time',
    ({ option, text }: { option: string; text: string }) => `The compiler cannot evaluate ${option}: ${text}.`,
    () => 'Write a literal, or a const or enum of this file made of literals, templates and arithmetic.',
  ),
  CATGA108: error(
    'Unknown option',
    ({ option, decorator }: { option: string; decorator: string; known: string }) => `@${decorator} has no option "${option}".`,
    ({ known }) => `Options are ${known}.`,
  ),
  CATGA109: error(
    'Option value cannot be used',
    ({ option, value, rule }: { option: string; value: string; rule: string }) => `${option} is ${value}, but it ${rule}.`,
    () => 'Change the value, or leave the option out.',
  ),
  CATGA110: error(
    'Durable call is not awaited',
    ({ call }: { call: string; fix: string }) => `Nothing awaits ${call}, so the process may end before it does and its error is lost.`,
    ({ fix }) => fix,
  ),
  CATGA111: error(
    'Step makes a durable call',
    ({ caller, kind, call }: { caller: string; kind: string; call: string }) =>
      `${caller} calls ${kind} ${call}, but what is journaled as one unit cannot contain another.`,
    ({ call }) => `Call ${call} from execute or a helper of it and pass on the result, or move the shared work into a plain method.`,
  ),
  CATGA112: error(
    'Process code awaits what is not durable',
    ({ what }: { what: string }) => `Process code awaits ${what}, which is not journaled: it would run again on every replay.`,
    () => 'Move it into an async method with @ProcessStep() and await that.',
  ),
  CATGA113: error(
    'Process code is not deterministic',
    ({ what }: { what: string; fix: string }) => `Process code uses ${what}, which gives another answer on replay.`,
    ({ fix }) => fix,
  ),
  CATGA114: error(
    'Resource held across a durable call',
    ({ name, call }: { name: string; call: string }) =>
      `"${name}" is declared with "using" and held across ${call}, where the process may be parked or moved to another machine without disposing it.`,
    () => 'Open and dispose the resource inside a step.',
  ),
  CATGA115: error(
    'Process without execute',
    ({ name, hint }: { name: string; hint: string }) => `Process "${name}" has no method "execute"${hint}.`,
    () => 'Add "async execute(input) { … }".',
  ),
  CATGA116: error(
    'execute cannot be run',
    ({ name, found }: { name: string; found: string; fix: string }) => `"execute" of process "${name}" ${found}.`,
    ({ fix }) => fix,
  ),
  CATGA117: error(
    'Base class method called durably through super',
    ({ method }: { method: string }) => `"super.${method}(…)" reaches durable code, which is compiled for calls on "this" only.`,
    ({ method }) => `Give the base method another name and call it as "this.…(…)" instead of overriding "${method}".`,
  ),
  CATGA118: error(
    'Private name cannot be reached',
    ({ method, why }: { method: string; why: string }) => `"${method}" is a #private method, ${why}.`,
    ({ method }) => `Write "private ${method.slice(1)}" instead of "${method}".`,
  ),
  CATGA119: error(
    'Generator makes durable calls',
    ({ name, what }: { name: string; what: string }) => `Generator ${name} ${what}; when its code runs is up to its consumer.`,
    () => 'Use an async function that returns an array, or make the calls in the loop that consumes the generator.',
  ),
  CATGA120: error(
    'Durable call outside process code',
    ({ call, where }: { call: string; where: string }) => `${call} is in ${where}, where no journal position exists.`,
    () => 'Make the call in execute, in a method it calls on "this", or in an arrow function there.',
  ),
  CATGA121: error(
    'Decorator cannot be compiled',
    ({ decorator, found }: { decorator: string; found: string; fix: string }) => `${decorator} ${found}.`,
    ({ fix }) => fix,
  ),
  CATGA122: error(
    'Function outside the process is not durable',
    ({ name, what, where }: { name: string; what: string; where: string }) => `Process code calls "${name}", which ${what} (${where}).`,
    ({ name }) => `Call "${name}" from a step, or pass it what it needs as arguments.`,
  ),
  CATGA123: warning(
    'Function outside the process cannot be checked',
    ({ name, what, where }: { name: string; what: string; where: string }) =>
      `Process code awaits "${name}", which ${what} (${where}): if it waits for anything but its arguments, replay goes wrong.`,
    ({ name }) => `Call "${name}" from a step.`,
  ),
  CATGA124: error(
    'Code built at run time',
    ({ what }: { what: string }) => `Process code uses ${what}, which the compiler cannot see through.`,
    () => 'Write the code out, or move it into a step.',
  ),
  CATGA125: error(
    'Process has no name of its own',
    ({ found }: { found: string }) => `${found}.`,
    () => "Give it one: @CatgaProcess({ name: '…' }).",
  ),
  CATGA126: error(
    'keyed cannot be compiled',
    ({ found }: { found: string }) => `keyed ${found}.`,
    () => 'Write "keyed(key, () => this.step(…))" in process code, with the function written in place.',
  ),
  CATGA127: error(
    'stepContext outside a step',
    ({ where }: { where: string }) => `stepContext() is used in ${where}, where there is no step to tell about.`,
    () => 'Call stepContext() in the body of a step and pass on what is needed of it.',
  ),
  CATGA128: error(
    'Step leaves data on the instance',
    ({ step, field }: { step: string; field: string }) =>
      `Step "${step}" assigns "this.${field}", which process code reads; on replay the step does not run and the field stays empty.`,
    ({ field }) => `Return the value from the step and keep it in a variable instead of "this.${field}".`,
  ),
  CATGA129: warning(
    'Process code reads the environment',
    ({ what }: { what: string }) => `Process code reads ${what}, which may differ when the process is resumed elsewhere.`,
    () => 'Read it in a step, or in the factory that creates the process.',
  ),
  CATGA130: error(
    'Inherited process code does not fit',
    ({ name, why }: { name: string; why: string }) => `Process "${name}" ${why}.`,
    () => 'Give each process its own copy, or share code through functions and plain classes.',
  ),
  CATGA131: error(
    'Wait outside process code',
    ({ name, found }: { name: string; found: string }) => `${name} is used ${found}, where no journal remembers the wait.`,
    ({ name }) => `Write "await ${name}(…)" in "execute", or in a method of the process that "execute" calls.`,
  ),
} as const

export type DiagnosticCode = keyof typeof catalog
export type DiagnosticDetails<Code extends DiagnosticCode> = Parameters<(typeof catalog)[Code]['message']>[0]

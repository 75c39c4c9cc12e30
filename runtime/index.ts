/** Catga's public API. */
export { CatgaProcess, keyed, ProcessStep, stepContext } from './process/decorators.ts'
export type { ProcessDecorator, ProcessOptions, StepDecorator, StepOptions } from './process/decorators.ts'
export type { StepContext } from './process/step-context.ts'
export type { App } from './process/app.ts'
export { createApp, createClient } from './process/app.ts'
export type { AppOptions } from './process/options.ts'
export type { Client, RemoteProcess } from './process/client.ts'
export { ProcessHandle } from './process/client.ts'
export type { ErrorClass } from './process/error-record.ts'
export type { InputOf, ProcessLike, ProcessType, ResultOf, StartOptions, Try, WaitOptions } from './process/types.ts'
export type { RetryOptions } from './process/manifest.ts'
export { MemoryJournalStore } from './memory/memory-journal-store.ts'
export { createCodec } from './codec/msgpack-codec.ts'
export { SystemClock } from './clock/system-clock.ts'
export type { Clock } from './contracts/clock.ts'
export type { Codec, CodecCopy } from './contracts/codec.ts'
export { CompileError } from './process/compile-errors.ts'
export type { CompileErrorRecord } from './process/compile-errors.ts'
export { callKey, JOURNAL_FORMAT } from './contracts/journal-entry.ts'
export type { CallId, ErrorRecord, JournalEntry, JournalEntryKind, Payload, Primitive, RecordedArgs } from './contracts/journal-entry.ts'
export { isFinished, MAX_ID_LENGTH, wakes } from './contracts/journal-store.ts'
export type {
  ClaimedInstance,
  ClaimOptions,
  DeleteOutcome,
  DeliveredMessage,
  FinishedStatus,
  InboxMessage,
  InstanceJournal,
  InstanceRef,
  InstanceStatus,
  InstanceSummary,
  JournalStore,
  ListOptions,
  StartOutcome,
  StartRequest,
  WorkerSession,
} from './contracts/journal-store.ts'
export {
  AppClosedError,
  CancelledError,
  CatgaError,
  CorruptJournalError,
  DecodeError,
  DuplicateKeyError,
  FencedError,
  InputConflictError,
  InvalidIdError,
  InvalidOptionError,
  LimitExceededError,
  LostCallError,
  NewerSchemaError,
  NonDeterminismError,
  NonRetryableError,
  NotCompiledError,
  NotSerializableError,
  ProcessFailedError,
  ProcessNotFoundError,
  ProcessStuckError,
  RegistrationError,
  SequenceError,
  ShapeMismatchError,
  StepTimeoutError,
  StoreUnavailableError,
} from './contracts/errors.ts'

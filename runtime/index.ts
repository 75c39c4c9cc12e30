/** Catga's public API. */
export { CatgaProcess, keyed, ProcessStep, stepContext } from './process/decorators.ts'
export type { ProcessDecorator, ProcessOptions, StepDecorator, StepOptions } from './process/decorators.ts'
export { sleep, tryWaitFor, waitFor } from './process/waiting.ts'
export type { WaitForOptions, WaitOutcome } from './process/waiting.ts'
export { defineSignal } from './process/signal.ts'
export type { SchemaIssue, SchemaResult, Signal, SignalOptions, StandardSchema } from './process/signal.ts'
export type { StepContext } from './process/step-context.ts'
export type { App } from './process/app.ts'
export { createApp, createClient } from './process/app.ts'
export type { AppOptions } from './process/options.ts'
export type { Client, RemoteProcess } from './process/client.ts'
export { ProcessHandle } from './process/client.ts'
export type { ErrorClass } from './process/error-record.ts'
export type { InputOf, ProcessLike, ProcessType, ResultOf, SendOptions, StartOptions, Try, WaitOptions } from './process/types.ts'
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
export type { PayloadIssue } from './contracts/errors.ts'
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
  InvalidPayloadError,
  LimitExceededError,
  LostCallError,
  NewerSchemaError,
  NonDeterminismError,
  NonRetryableError,
  NotCompiledError,
  NotSerializableError,
  OutsideProcessError,
  ProcessFailedError,
  ProcessFinishedError,
  ProcessNotFoundError,
  ProcessStuckError,
  RegistrationError,
  SequenceError,
  ShapeMismatchError,
  StepTimeoutError,
  StoreUnavailableError,
  WaitTimeoutError,
} from './contracts/errors.ts'

/**
 * Every job: its name, its payload, its id and the queue it goes to. Payloads hold ids, never prompts: they lie in Redis
 * in clear. A field that is added later must be optional, for the jobs that wait while a new version is deployed.
 */
import { type JobsOptions, UnrecoverableError } from 'bullmq'
import { z } from 'zod'
import { type AnswerRef, labels } from '../core/comparison.ts'
import type { Schedule } from '../core/week.ts'

type Payloads = {
  /** Ask one contestant for its answer. */
  prompt: AnswerRef
  /** A workspace's schedule has come. */
  summary: { workspaceId: string }
}

export type JobName = keyof Payloads

const schemas: { [N in JobName]: z.ZodType<Payloads[N]> } = {
  prompt: z.object({ comparisonId: z.string().min(1), label: z.enum(labels) }),
  summary: z.object({ workspaceId: z.string().min(1) }),
}

/** What a handler learns about its run beside the payload. */
export type RunContext = { lastAttempt: boolean; signal: AbortSignal }

export type JobHandlers = { [N in JobName]: (payload: Payloads[N], context: RunContext) => Promise<void> }

/** Runs per job. With the backoff of `retry.ts` the last one begins about 14 s after the first failed. */
const attempts = 4

/** Finished jobs leave at once: the rows of the store are the record, and the sweep may add the same id again. */
const jobOptions = {
  attempts,
  backoff: { type: 'custom' },
  removeOnComplete: true,
  removeOnFail: true,
} satisfies JobsOptions

/** One queue per provider, so that concurrency and rate limit are the provider's own. BullMQ refuses `:` in a name. */
export function promptQueueName(provider: string): string {
  return `prompt-${provider}`
}

/** `<comparison>-<label>`: one job per contestant, whoever adds it. BullMQ refuses `:` in an id. */
export function promptJobId({ comparisonId, label }: AnswerRef): string {
  return `${comparisonId}-${label}`
}

export function promptJob(ref: AnswerRef) {
  const data: Payloads['prompt'] = { comparisonId: ref.comparisonId, label: ref.label }
  return { name: 'prompt' as const, data, opts: { ...jobOptions, jobId: promptJobId(ref) } }
}

/** One queue for all schedules. */
export const summaryQueueName = 'summary'

/** One scheduler per workspace. */
export function summarySchedulerId(workspaceId: string): string {
  return `summary-${workspaceId}`
}

/** Once: whoever is woken looks at the rows, and so does the sweep. */
export function summaryJob(workspaceId: string) {
  const data: Payloads['summary'] = { workspaceId }
  return { name: 'summary' as const, data, opts: { attempts: 1, removeOnComplete: true, removeOnFail: true } }
}

/** Cron's five fields; Sunday is 0 there. */
export function cronPattern({ weekday, minuteOfDay }: Pick<Schedule, 'weekday' | 'minuteOfDay'>): string {
  return `${minuteOfDay % 60} ${Math.floor(minuteOfDay / 60)} * * ${weekday % 7}`
}

/**
 * Hands a job to its handler. What cannot be read, such as the job of a newer version, is not tried again: it would be
 * the same then, and the sweep adds it anew as long as its answer waits.
 */
export async function runJob(
  handlers: Partial<JobHandlers>,
  name: string,
  data: unknown,
  context: RunContext,
): Promise<void> {
  if (!isJobName(name)) throw new UnrecoverableError('unknown job')
  await runNamed(handlers, name, data, context)
}

async function runNamed<N extends JobName>(
  handlers: Partial<JobHandlers>,
  name: N,
  data: unknown,
  context: RunContext,
) {
  const handler = handlers[name]
  if (handler === undefined) throw new UnrecoverableError('job on the wrong queue')
  const payload = schemas[name].safeParse(data)
  if (!payload.success) throw new UnrecoverableError('unreadable payload')
  await handler(payload.data, context)
}

function isJobName(name: string): name is JobName {
  return Object.hasOwn(schemas, name)
}
